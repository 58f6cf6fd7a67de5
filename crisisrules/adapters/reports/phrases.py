"""The words of the reports in both languages, by what they stand for."""

from __future__ import annotations

from typing import Final

from crisisrules.adapters.reports.wording import said

_PHRASES: Final[dict[str, tuple[str, str]]] = {
    # what happened
    "incident.opened": ("incident declared", "incident déclaré"),
    "incident.elsewhere": ("somebody else's incident", "incident chez un tiers"),
    "incident.updated": ("incident", "incident"),
    "incident.recovered": ("service is back", "le service est revenu"),
    "incident.recovered-part": ("back", "revenu"),
    "incident.resolved": ("incident over", "incident terminé"),
    "incident.dismissed": (
        "incident dismissed: it was none",
        "incident écarté : ce n'en était pas un",
    ),
    "started": ("started", "commencé"),
    "aware": ("known since", "connu depuis"),
    "cause-confirmed": ("cause confirmed", "cause confirmée"),
    "information.released": ("known inside", "su en interne"),
    "cleared": ("may be said from", "peut être dit à partir de"),
    "post.published": ("post", "publication"),
    "post.edited": ("post edited", "publication modifiée"),
    "post.pinned": ("post pinned", "publication épinglée"),
    "post.removed": ("post taken down", "publication retirée"),
    "comment.received": ("comment", "commentaire"),
    "comment.removed": ("comment removed", "commentaire retiré"),
    "reply.published": ("reply", "réponse"),
    "item.scheduled": ("planned", "programmé"),
    "item.held": ("held", "retenu"),
    "item.cleared": ("cleared", "libéré"),
    "item.cancelled": ("cancelled", "annulé"),
    "draft.submitted": ("draft", "projet de texte"),
    "approval.requested": ("approval asked of", "validation demandée à"),
    "approval.decided": ("approval", "validation"),
    "approved": ("approved", "accordée"),
    "rejected": ("rejected", "refusée"),
    "changes_requested": ("changes asked for", "modifications demandées"),
    "shift.planned": ("shift planned", "vacation prévue"),
    "shift.started": ("on duty", "prise de service"),
    "shift.ended": ("off duty", "fin de service"),
    "shift.handed_over": ("handed over", "passation"),
    "record": ("record", "enregistrement"),
    "under": ("under", "sous"),
    "of": ("of", "sur"),
    "by": ("by", "par"),
    "for": ("for", "pour"),
    "from": ("from", "de"),
    "to": ("to", "à"),
    "on": ("on", "sur"),
    "brand": ("brand", "marque"),
    # numbers of things
    "comment": ("comment", "commentaire"),
    "comments": ("comments", "commentaires"),
    "about-incident": ("about the incident", "sur l'incident"),
    "from-public": ("from the public", "du public"),
    "reply": ("reply", "réponse"),
    "replies": ("replies", "réponses"),
    "shown-reactions": ("reactions", "réactions"),
    "fans": ("fans", "abonnés"),
    # what the playbook says
    "do": ("do", "faire"),
    "now": ("now", "tout de suite"),
    "stop": ("STOP", "STOP"),
    "soon": ("soon", "bientôt"),
    "late": ("LATE", "RETARD"),
    "worse": ("WORSE", "PIRE"),
    "moved": ("moved", "déplacé"),
    "done": ("done", "fait"),
    "off": ("off", "caduc"),
    "covered": ("within", "inclus"),
    "again": ("again", "encore"),
    "watch": ("watch", "suivre"),
    "critical": ("critical", "critique"),
    "warning": ("warning", "alerte"),
    "info": ("info", "info"),
    "because": ("because", "car"),
    "action": ("do:", "à faire :"),
    "late-by": ("late", "de retard"),
    "in-time": ("in time", "à temps"),
    "settled-by": ("by", "par"),
    "no-longer": ("no longer asked", "n'est plus demandé"),
    "asked-with": ("asked together with another", "demandé avec un autre"),
    "preview": ("preview", "à l'essai"),
    "about-the": ("incident:", "incident :"),
    "times-in": ("times in", "heures de"),
    "incident": ("incident", "incident"),
    # what the evening looked like
    "measures": ("What it looked like", "Ce que cela a donné"),
    "playbook": ("playbook", "playbook"),
    "never": ("never", "jamais"),
    "agenda": ("To do now", "À faire maintenant"),
    "nothing-to-do": ("nothing is asked now", "rien n'est demandé à présent"),
    "recommendation": ("recommendation", "recommandation"),
    "recommendations": ("recommendations", "recommandations"),
    "settled-in-time": ("settled in time", "suivies à temps"),
    "settled-late": ("late", "en retard"),
    "not-settled": ("never", "jamais suivies"),
    "lapsed": ("no longer asked", "devenues sans objet"),
    "still-open": ("still open", "encore ouvertes"),
    "nothing-happened": ("nothing to tell", "rien à raconter"),
    # findings
    "keep": ("keep", "garder"),
    "hold": ("hold", "retenir"),
    "review": ("review", "relire"),
    "write-instead": ("write instead:", "écrire plutôt :"),
    "source": ("source:", "source :"),
    "explain": ("more: crisisrules explain", "en savoir plus : crisisrules explain"),
    "post": ("post", "publication"),
    "posts": ("posts", "publications"),
    "finding": ("finding", "constat"),
    "findings": ("findings", "constats"),
    "no-findings": ("no findings", "aucun constat"),
    "at": ("at", "à"),
    "no-date": ("no date", "sans date"),
    "row": ("row", "ligne"),
    "rows": ("Row", "Ligne"),
    "page": ("Page", "Page"),
    "when": ("When", "Quand"),
    "verdict": ("Verdict", "Verdict"),
    "why": ("Why", "Pourquoi"),
    "text": ("Text", "Texte"),
    "rule": ("Rule", "Règle"),
    "where": ("Where", "Où"),
    "severity": ("Severity", "Gravité"),
    "message": ("Message", "Message"),
    "happened": ("What happened and what was asked", "Ce qui s'est passé et ce qui était demandé"),
    "measure": ("Measure", "Mesure"),
    "was": ("Was", "Constaté"),
}

_KINDS: Final[dict[str, tuple[str, str]]] = {
    "incident_status": ("status of the incident", "point sur l'incident"),
    "service_info": ("service notice", "information de service"),
    "resolution": ("end of the incident", "fin de l'incident"),
    "apology": ("apology", "excuses"),
    "compensation": ("compensation", "geste commercial"),
    "promotional": ("promotion", "promotion"),
    "contest": ("contest", "jeu-concours"),
    "product": ("product", "produit"),
    "lifestyle": ("lifestyle", "ambiance"),
    "corporate": ("corporate", "vie de l'entreprise"),
    "reply": ("reply", "réponse"),
    "unknown": ("unknown kind", "nature inconnue"),
    "outage": ("outage", "panne"),
    "data_breach": ("data breach", "fuite de données"),
    "recall": ("recall", "rappel"),
    "safety": ("safety", "sécurité"),
    "reputational": ("reputation", "réputation"),
    "external_tragedy": ("tragedy elsewhere", "drame extérieur"),
    "industrial_dispute": ("industrial dispute", "conflit social"),
    "leaked_exercise": ("leaked exercise", "exercice ébruité"),
    "other": ("other", "autre"),
    "minor": ("minor", "mineur"),
    "major": ("major", "majeur"),
    "critical": ("critical", "critique"),
    "investigating": ("investigating", "recherche de la cause"),
    "identified": ("identified", "cause identifiée"),
    "monitoring": ("monitoring", "sous surveillance"),
    "resolved": ("resolved", "résolu"),
    "question": ("question", "question"),
    "complaint": ("complaint", "plainte"),
    "factual_error": ("factual error", "erreur de fait"),
    "abuse": ("abuse", "injures"),
    "spam": ("spam", "spam"),
}


def phrase(name: str, language: str) -> str:
    """A phrase in a language."""
    english, french = _PHRASES[name]
    return french if language == "fr" else english


def both(name: str) -> dict[str, str]:
    """A phrase by language."""
    english, french = _PHRASES[name]
    return {"en": english, "fr": french}


def kind_words(kind: str, language: str) -> str:
    """What a word of the closed lists is called; an unknown one stands for itself."""
    english, french = _KINDS.get(kind, (kind, kind))
    return said({"en": english, "fr": french}, language)

"""The glossary: the words of the field, of the closed lists and of the facts, in English and French."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from crisisrules.model import vocabulary
from crisisrules.playbook.catalogue import FACTS
from crisisrules.playbook.facts import Fact
from crisisrules.ruletest import markdown as md
from crisisrules.ruletest.pages import MARK

# ruff: noqa: E501 - a table reads best with one word a line
_WORDS: Final = """
brand | marque | an organisation that speaks; it owns pages | une organisation qui parle ; elle possède des pages
page | page | one account on one platform | un compte sur une plateforme
post | publication | what the brand published on a page; its comments are its thread | ce que la marque a publié sur une page ; ses commentaires forment son fil
thread | fil | a post and what gathered under it | une publication et ce qui s'est accumulé dessous
comment | commentaire | what somebody of the public wrote under a post | ce que quelqu'un du public a écrit sous une publication
reply | réponse | what the brand wrote under a post | ce que la marque a écrit sous une publication
item | élément programmé | something scheduled for a page that is not out yet | quelque chose de programmé pour une page et pas encore paru
draft | brouillon | a text on its way to being published | un texte en route vers sa publication
status | publication dédiée | a post about the incident and nothing else | une publication sur l'incident et rien d'autre
incident | incident | what went wrong, from the moment it was declared to its end | ce qui ne va pas, de la déclaration à la fin
information | information | a fact about the incident, cleared for the public or not | un fait sur l'incident, autorisé ou non pour le public
shift | vacation | who is on duty, in which role, from when to when | qui est de service, dans quel rôle, de quand à quand
approval | validation | a role's decision on a draft | la décision d'un rôle sur un brouillon
playbook | playbook | the rules and parameters that a brand follows in a crisis | les règles et paramètres que suit une marque en crise
rule | règle | one situation, what to do then, by when, and on whose authority | une situation, que faire alors, avant quand, et sur quelle autorité
parameter | paramètre | a number of the playbook that a brand may set | un nombre du playbook que la marque peut régler
fact | fait | what a rule may ask about what it watches | ce qu'une règle peut demander de ce qu'elle surveille
signal | signal | a fact read from a text | un fait lu dans un texte
recommendation | recommandation | one rule speaking about one page, post, item, … | une règle qui parle d'une page, d'une publication, d'un élément, …
action | action | what a person should do now; several recommendations may ask for the same | ce qu'une personne devrait faire maintenant ; plusieurs recommandations peuvent demander la même
agenda | agenda | the ordered actions that are open now | les actions ouvertes, dans l'ordre
finding | constat | a recommendation with a place in a file | une recommandation avec sa place dans un fichier
deadline | échéance | the instant after which what is expected is late | l'instant au-delà duquel ce qui est attendu est en retard
"""

_LISTS: Final = {
    "Kinds of incident | Natures d'incident": (
        vocabulary.INCIDENT_KINDS,
        "outage/panne, data breach/fuite de données, recall/rappel de produit, safety/sécurité des personnes, reputational/réputation, external tragedy/drame extérieur, industrial dispute/conflit social, leaked exercise/exercice ébruité, other/autre",
    ),
    "Severities of an incident | Gravités d'un incident": (
        vocabulary.SEVERITIES,
        "minor/mineure, major/majeure, critical/critique",
    ),
    "Phases | Phases": (
        vocabulary.PHASES,
        "investigating/recherche en cours, cause identified/cause identifiée, monitoring the repair/réparation surveillée, resolved/résolu",
    ),
    "Kinds of post | Natures de publication": (
        vocabulary.POST_KINDS,
        "status of the incident/point sur l'incident, service information/information de service, resolution/fin d'incident, apology/excuses, compensation/geste commercial, promotion/promotion, contest/jeu-concours, product/produit, lifestyle/art de vivre, corporate/institutionnel, reply/réponse, unknown/inconnue",
    ),
    "Classes of comment | Classes de commentaire": (
        vocabulary.COMMENT_CLASSES,
        "question/question, complaint/plainte, factual error/erreur de fait, safety/sécurité des personnes, abuse/injure, spam/indésirable, other/autre",
    ),
    "Severities of a rule | Gravités d'une règle": (
        vocabulary.RULE_SEVERITIES,
        "for information/pour information, warning/avertissement, critical/critique",
    ),
    "Decisions | Décisions": (
        vocabulary.DECISIONS,
        "approved/validé, rejected/refusé, changes requested/modifications demandées",
    ),
    "Surfaces | Emplacements": (
        vocabulary.SURFACES,
        "on the page/sur la page, story/story, advertisement/publicité, e-mail/courriel, by an influencer/par un influenceur, automatic answer/réponse automatique, reply/réponse",
    ),
    "States of an item | États d'un élément programmé": (
        vocabulary.ITEM_STATES,
        "scheduled/programmé, draft/brouillon, held back/retenu, cleared/libéré, cancelled/annulé, published/paru",
    ),
    "What a recommendation asks for | Ce qu'une recommandation demande": (
        vocabulary.ACTIONS,
        "hand over to those who protect people/passer la main à ceux qui protègent les personnes, have it confirmed that there is an incident/faire confirmer l'incident, say that it is over/annoncer la fin, correct what is wrong/rectifier, give the incident a post of its own/donner à l'incident sa propre publication, open a new post for the thread/ouvrir une nouvelle publication pour le fil, say where things stand/faire un point, say the first word/dire le premier mot, give the terms of the redress/détailler le geste, explain what failed/expliquer ce qui a failli, take a post down/retirer une publication, look at a post again/revoir une publication, hold a planned item/retenir un élément programmé, look at a planned item/revoir un élément programmé, let a planned item go/libérer un élément programmé, change the text/modifier le texte, stop answering/cesser de répondre, answer all at once/répondre à tous à la fois, answer/répondre, moderate/modérer, speak on a further channel/parler sur un canal de plus, put somebody on duty/mettre quelqu'un de service, name who owns the messages/nommer qui porte les messages, pass information on/faire passer l'information, ask for approval/demander une validation, notify the authority/notifier l'autorité, hold a review/tenir un retour d'expérience, complete the playbook/compléter le playbook",
    ),
    "What a statement says | Ce que dit un message": (
        vocabulary.FEATURES,
        "acknowledges the problem/reconnaît le problème, apologises/présente des excuses, apologises on condition/s'excuse sous condition, apologises by playing it down/s'excuse en minimisant, shows concern/montre de l'empathie, gives the cause/donne la cause, says that the cause is not known/dit la cause inconnue, says what is being done/dit ce qui est fait, says who and what is affected/dit qui et quoi est touché, says what people notice/dit ce que les gens constatent, says since when/dit depuis quand, says what was done/dit ce qui a été fait, gives the time of the next word/donne l'heure du prochain point, promises a next word without a time/promet un point sans heure, gives a time of repair/donne une heure de réparation, gives a vague time of repair/donne un délai vague, calls a time an estimate/qualifie l'heure d'estimation, names where to get help/indique où trouver de l'aide, names a way round/indique un contournement, says that it is over/dit que c'est terminé, says that it is partly over/dit que c'est en partie terminé, announces redress/annonce un geste, says what is not known/dit ce qui n'est pas su, gives advice for safety/donne une consigne de sécurité, is a legal notice/est une mention légale, blames somebody/accuse quelqu'un, uses jargon/emploie du jargon, has a long sentence/a une phrase longue, has a hashtag without capitals/a un mot-dièse sans majuscules, has many hashtags/a beaucoup de mots-dièse, has many emoji/a beaucoup d'émojis, speaks of the incident/parle de l'incident, announces answers for all/annonce des réponses collectives, asks for private contact/demande un contact privé, tells what failed/raconte la panne, announces a new rhythm/annonce un nouveau rythme",
    ),
}


def _said(heading: str) -> dict[str, dict[str, str]]:
    """How each value of one list is said, by language."""
    values, labels = _LISTS[heading]
    pairs = (label.strip().split("/") for label in labels.split(","))
    return {
        value: {"en": english, "fr": french}
        for value, (english, french) in zip(values, pairs, strict=True)
    }


_LABELS: Final = {
    language: {
        value: said[language] for said_of in map(_said, _LISTS) for value, said in said_of.items()
    }
    for language in ("en", "fr")
}


def glossary_page() -> str:
    """The glossary as Markdown, English and French side by side."""
    blocks: list[Sequence[str]] = [
        [MARK],
        ["# Glossary · Glossaire"],
        ["## Words · Mots"],
        md.table(
            ("English", "français", "meaning", "sens"),
            [[md.text(cell) for cell in _cells(line)] for line in _WORDS.strip().splitlines()],
        ),
    ]
    for heading, (values, _) in _LISTS.items():
        blocks.append([f"## {heading.replace(' | ', ' · ')}"])
        said = _said(heading)
        rows = [
            [f"`{value}`", *(md.text(said[value][name]) for name in ("en", "fr"))]
            for value in values
        ]
        blocks.append(md.table(("value · valeur", "English", "français"), rows))
    blocks.append(["## Facts · Faits"])
    blocks.append(
        md.table(
            (
                "fact · fait",
                "type",
                "meaning",
                "sens",
                "when there is none",
                "quand il n'y en a pas",
            ),
            [_fact_row(fact) for fact in FACTS.values()],
        )
    )
    return md.document(blocks)


def word_of(value: str, language: str) -> str:
    """How a value of a closed list is said, or the value itself."""
    return _LABELS[language].get(value, value)


def _cells(line: str) -> Iterator[str]:
    return (cell.strip() for cell in line.split(" | "))


def _fact_row(fact: Fact) -> list[str]:
    absent = fact.absent or {"en": "unknown", "fr": "inconnu"}
    return [
        f"`{fact.path}`",
        fact.type,
        md.text(fact.meaning["en"]),
        md.text(fact.meaning["fr"]),
        md.text(absent["en"]),
        md.text(absent["fr"]),
    ]

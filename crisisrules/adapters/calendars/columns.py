"""Which column of a table means what: header aliases in English and French.

A *role* is what a column means to us: ``text``, ``date``, ``network`` …
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from crisisrules.adapters.calendars import words

_BRACKETS_AT_END = re.compile(r"\s*\([^()]*\)$")
_NUMBER_AT_END = re.compile(r"[\s#]+\d{1,2}$")

_ALIASES: dict[str, str] = {
    "when": "date/time, datetime, date time, posting time, postatspecifictime, scheduled at, "
    "scheduledat, scheduledate, schedule date, schedule time, scheduled time and date, "
    "publish date, publish at, publishing date, publication date, post date, send date, "
    "senddate, publishdate, scheduled for, due at, date et heure, date/heure, date heure, "
    "date de publication, date publication, mise en ligne, date de mise en ligne, "
    "parution, date de parution, publication, date de diffusion, date and time, "
    "date & time, date & heure, publie le, programme le, go live, go-live date, live date",
    "date": "date, scheduled date, jour, day, date de post, date post, dates, le, date prevue, "
    "date d'envoi",
    "time": "time, time 24hr, scheduled time, publish time, hour, heure, horaire, creneau, heures, "
    "time slot, heure de publication, heure publication, heure de post, post time, "
    "heure d'envoi",
    "text": "text, message, message text, content, post, post content, caption, copy, body, texte, "
    "legende, contenu, accroche, wording, redactionnel, publication texte, post text, "
    "texte du post, texte de la publication, post copy, social copy, message/texte, "
    "texte publication, contenu du post, contenu texte, textes, post caption, tweet, "
    "description, texte + hashtags, contenu redactionnel, message du post, libelle du post",
    "title": "title, titre, sujet, subject, objet, topic, intitule, nom, name, titre du post, "
    "sujet du post, post title, evenement",
    "network": "platform, platforms, network, networks, channel, channels, social network, "
    "social networks, reseau, reseau social, reseaux, reseaux sociaux, plateforme, "
    "plateformes, canal, canaux, support, supports, media social, social media, rs, "
    "plate-forme, social channel",
    "account": "account, account id, accountid, accountids, account ids, accounts, profile, profiles, "
    "page, pages, brand name, compte, comptes, marque, profil, brand, profile id",
    "link": "link, url, post link, lien, lien url, links, liens, lien vers, url cible, "
    "destination url, landing page, lien a partager",
    "media": "image url, imageurls, image urls, picture url, picture, media url, mediaurls, "
    "media urls, video url, videourls, gifurl, gifurls, visuel, visuels, media, image, "
    "images, video, videos, crea, photo, photos, visual, visuals, asset, assets, creative, "
    "medias, fichier, visuel/video, image/video",
    "alt": "alt text, alt text picture, texte alternatif, alt, alternative text, "
    "description de l'image, image alt",
    "first_comment": "first comment text, comment, comments, followupcomment, first comment, "
    "premier commentaire, follow-up comment, 1er commentaire",
    "tags": "tags, tag, label, labels, etiquettes, etiquette, libelles, mots-cles, mots cles, "
    "keywords, hashtags, campaign, theme, pillar, campagne, thematique, rubrique, "
    "objectif, pilier, categorie, category, categories",
    "status": "status, state, statut, etat, validation, valide, a valider, avancement, "
    "validation client, etat d'avancement, post status, publication status, "
    "statut de publication, approval, approval status",
    "draft": "draft, is draft, brouillon",
    "approved": "approved, is approved, approuve, approbation, valide ?, bon a publier",
    "owner": "owner, author, responsable, auteur, redacteur, validateur, en charge, assigned to, "
    "assignee, redactrice, cm, community manager, valide par, created by, creator, qui",
    "surface": "format, type, post type, type de contenu, type de post, type de publication, "
    "post subtype, surface, content type, formats, placement, type contenu, type/format, "
    "format du post",
    "kind": "kind, genre",
    "id": "id, post id, uid, identifiant, item, ref, reference, numero, n°, no, item id",
    "zone": "timezone, time zone, tz, fuseau, fuseau horaire",
    "language": "language, lang, langue, locale",
    "cleared_by": "cleared by, cleared, cleared for incident, valide par la cellule, valide cellule, "
    "validation cellule, valide par la cellule de crise, validation cellule de crise, "
    "leve par, maintien valide par, clearance, maintenu par, autorise par",
    "allow": "allow, allowance, allowances, derogation, derogations, exception, exemption, "
    "crisisrules",
}

ROLES: dict[str, str] = {
    alias: role
    for role, aliases in _ALIASES.items()
    for alias in (a.strip() for a in aliases.split(","))
}

# roles that may be given by several columns, their values being added up
REPEATED = frozenset({"link", "media", "alt", "tags"})
# a header alone proves nothing unless one of these is among the known ones
ESSENTIAL = frozenset({"text", "title", "when", "date"})


@lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """A header for comparison: folded, without ``*``, a final colon, or a final ``(…)``."""
    if len(header) > 200:
        return ""
    key = words.fold(header.replace("*", " ").replace("\u00a0", " ").replace("\u202f", " "))
    key = key.strip(" :;.")
    bare = _BRACKETS_AT_END.sub("", key)
    return bare or key


def role_of(header: str) -> str | None:
    """The role of a column by its header, or None when no alias fits."""
    key = header_key(header)
    if not key:
        return None
    found = ROLES.get(key)
    if found is None and " - " in key:
        # verbose headers put the name first: `Date - Intl. format or prompt`
        found = ROLES.get(header_key(key.split(" - ", 1)[0]))
    if found is None:
        numbered = _NUMBER_AT_END.sub("", key)
        if numbered != key and ROLES.get(numbered) in REPEATED:
            found = ROLES[numbered]
    if found is None and key.endswith("(s)"):
        found = ROLES.get(key.removesuffix("(s)"))
    return found


def score(cells: Sequence[str]) -> int:
    """How much a row looks like a header: the number of distinct roles and networks it names."""
    found: set[str] = set()
    for cell in cells[:200]:
        if not cell or cell.isdigit():
            continue
        role = role_of(cell)
        if role is not None:
            found.add(role)
        else:
            page = words.network(cell)
            if page is not None:
                found.add("network:" + page)
    if not any(role in ESSENTIAL or role.startswith("network:") for role in found):
        return 0
    return len(found)

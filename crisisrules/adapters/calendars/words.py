"""The words calendars use: networks, states of approval, surfaces, in English and in French.

Everything is compared folded: without case, accents, or doubled spaces (:func:`fold`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crisisrules.model.calendar import EVERYWHERE

_SPACES = re.compile(r"[\s_]+")
_BETWEEN_NETWORKS = re.compile(r"\s*(?:[,;|\n/+&•]|\bet\b|\band\b)\s*")
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*")
_LIST = re.compile(r"\s*[,;|\n]\s*")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """``text`` for comparison: no accents, no case, one space between words."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
        text = text.replace("\u2019", "'").replace("\ufeff", "").replace("\u200b", "")
    return _SPACES.sub(" ", text.casefold()).strip()


NETWORKS: dict[str, str] = {
    alias: page
    for page, aliases in {
        "facebook": "facebook, fb, facebook page, facebook pages, page facebook, facebook group,"
        " meta facebook, facebook business",
        "instagram": "instagram, insta, ig, instagram business, instagram standalone",
        "x": "x, twitter, tw, x / twitter, twitter/x, x/twitter, twitter / x, x ex-twitter, "
        "x.com, ex-twitter",
        "linkedin": "linkedin, lk, li, lnkd, linked in, linkedin page, page linkedin, linkedin company",
        "tiktok": "tiktok, tik tok, tt",
        "youtube": "youtube, yt, you tube, youtube shorts, shorts",
        "mastodon": "mastodon, masto",
        "bluesky": "bluesky, bsky, blue sky",
        "threads": "threads, instagram threads",
        "pinterest": "pinterest, pin",
        "snapchat": "snapchat, snap",
        "whatsapp": "whatsapp, wa, chaine whatsapp, whatsapp channel",
        "telegram": "telegram, canal telegram",
        "google": "google, gbp, gmb, google business, google business profile, googlebusiness, "
        "gmybusiness, google my business, fiche google",
        "reddit": "reddit",
        "discord": "discord",
        "twitch": "twitch",
        "email": "email, e-mail, mail, emailing, e-mailing, mailing, newsletter, infolettre, "
        "courriel, lettre d'info",
        "sms": "sms, texto",
        "push": "push, notification push, push notification, notification",
        "website": "website, site, site web, site internet, web, blog, wordpress, wp",
        "intranet": "intranet",
        "press": "press, presse, communique, press release, communique de presse",
        "all": "all, tous, toutes, tous reseaux, tous les reseaux, all networks, all channels, "
        "all platforms, multi, multicanal, tous canaux, tous les canaux, partout, everywhere, every network, "
        "toutes plateformes, toutes les plateformes, tous supports, tous les supports, all pages, "
        "all accounts, all socials, toutes pages, toutes les pages, tous comptes, tous les comptes, "
        "tous rs, ensemble, ensemble des reseaux",
    }.items()
    for alias in (part.strip() for part in aliases.split(","))
}


def network(word: str) -> str | None:
    """The normalised name of a network, or None when the word names none that is known."""
    folded = fold(word)
    known = NETWORKS.get(folded)
    if known is not None or not folded:
        return known
    bare = _IN_BRACKETS.sub(" ", folded).strip(" @#:.*-")
    known = NETWORKS.get(bare)
    if known is None and bare.endswith((" page", " account", " compte")):
        known = NETWORKS.get(bare.rsplit(" ", 1)[0])
    return known


@lru_cache(maxsize=1024)
def networks(cell: str) -> tuple[str, ...]:
    """The pages a cell names, each once and in order; words that are not known stay as written."""
    if not cell.strip():
        return ()
    whole = network(cell)
    if whole is not None:
        return (whole,)
    found: dict[str, None] = {}
    for word in _BETWEEN_NETWORKS.split(_IN_BRACKETS.sub(" ", cell)):
        if word.strip():
            found.setdefault(network_in(word) or word.strip())
    return tuple(found)


_ALL_BUT = re.compile(
    r"(.{2,40}?),? (?:sauf|hors|hormis|excepte|except|excluding|but not|but) (.{1,200})"
)


@lru_cache(maxsize=256)
def everywhere_but(cell: str) -> tuple[str, ...] | None:
    """The networks left out where a cell means all of them, as in `tous sauf LinkedIn`; else None."""
    found = _ALL_BUT.fullmatch(fold(cell))
    if found is None or network(found[1]) != EVERYWHERE:
        return None
    return networks(found[2])


_UNMISTAKABLE = frozenset(
    {"facebook", "instagram", "linkedin", "twitter", "tiktok", "youtube", "mastodon", "bluesky"}
    | {"pinterest", "snapchat", "whatsapp", "telegram"}
)


def network_in(account: str) -> str | None:
    """The network an account name speaks of (``Facebook - Ville``), or None."""
    whole = network(account)
    if whole is not None:
        return whole
    words = [word for word in re.split(r"[\s\-–—:|/@_]+", fold(account)[:200]) if word]
    # two letters (`li`, `tt`, `x`) are too likely to be part of a brand's own name
    for word in (*words[:1], *words[-1:]):
        known = NETWORKS.get(word) if len(word) > 2 else None
        if known is not None:
            return known
    return next((NETWORKS[word] for word in words if word in _UNMISTAKABLE), None)


# word -> (state, approved); None where the word says nothing about it
STATUSES: dict[str, tuple[str | None, bool | None]] = {
    word: meaning
    for meaning, words in {
        (
            "draft",
            False,
        ): "draft, brouillon, to do, todo, a faire, idea, idee, en cours, in progress, wip, "
        "a rediger, en redaction, writing, redige, in review, a valider, en validation, "
        "en relecture, a relire, en attente de validation, to review, to validate, "
        "to approve, needs approval, pending approval, awaiting approval, pending review, "
        "pending, unapproved, not approved, rejected, refuse, non valide, a modifier, "
        "a corriger, tentative, auto-draft, non, no, failed, error, erreur, echec, "
        "needs work, v1, proposition, propose",
        (
            "scheduled",
            True,
        ): "approved, valide, validee, ok, bon a publier, bap, bat, pret, prete, ready, "
        "ready to publish, pret a publier, confirmed, confirme, valide client, go, oui, "
        "yes, vu, ✓, ✔, ✅, x, ok pour publication, valide pour publication",
        (
            "scheduled",
            None,
        ): "scheduled, programme, programmee, planifie, planifiee, future, queue, queued,"
        " planned, active, buffer, a publier, publishing, sending, a programmer, in queue",
        (
            "published",
            None,
        ): "published, publie, publiee, sent, posted, poste, en ligne, live, done, fait,"
        " publish, envoye, diffuse, mis en ligne, private",
        (
            "held",
            None,
        ): "on hold, hold, held, paused, en pause, suspendu, suspendue, reporte, reportee, "
        "postponed, gele, gelee, bloque, bloquee, stand by, standby, en attente, "
        "a reporter, frozen, decale",
        (
            "cancelled",
            None,
        ): "cancelled, canceled, annule, annulee, abandonne, supprime, deleted, trash,"
        " abandoned, a supprimer, ne pas publier, do not publish, dropped",
    }.items()
    for word in (part.strip() for part in words.split(","))
}


@lru_cache(maxsize=1024)
def status(cell: str) -> tuple[str | None, bool | None] | None:
    """What a status cell says as (state, approved), or None when its word is not known."""
    folded = fold(cell).strip(" .!:-")
    if not folded:
        return (None, None)
    found = STATUSES.get(folded)
    if found is None:
        # "validé le 3 mars", "publié (CM)": the first word decides when what follows is a remark
        first, _, rest = folded.partition(" ")
        if rest and (rest[0] in "(-:/,+" or rest.startswith(("le ", "par ", "by ", "on "))):
            found = STATUSES.get(first)
    return found


_YES = frozenset(
    [
        "true",
        "yes",
        "y",
        "oui",
        "o",
        "vrai",
        "1",
        "x",
        "✓",
        "✔",
        "✅",
        "☑",
        "ok",
        "on",
        "wahr",
        "ja",
    ]
)
_NO = frozenset(
    ["false", "no", "n", "non", "faux", "0", "-", "–", "✗", "✘", "❌", "☐", "off", "falsch", "nein"]
) | {""}


def flag(cell: str) -> bool | None:
    """True or False for the many ways to tick a box; None when the cell is something else."""
    folded = fold(cell)
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    return None


_SURFACES: dict[str, str] = {
    word: surface
    for surface, words in {
        "story": "story, stories, storie, instagram story, facebook story, story instagram",
        "ad": "ad, ads, pub, publicite, paid, sponsored, sponsorise, sponsorisee, "
        "post sponsorise, campagne payante, boost, paid post, social ads",
        "email": "email, e-mail, emailing, newsletter, infolettre, courriel",
        "reply": "reply, reponse, replies",
        "influencer": "influencer, influenceur, influenceuse, partenariat, partnership",
        "auto_reply": "auto reply, auto-reply, reponse automatique, autoreply",
        "organic": "reel, reels, short, shorts, video courte, post, organic, organique, feed, "
        "publication, carrousel, carousel, photo, image, video, texte, text, status, statut, "
        "thread, album, lien, link, article, post feed, visuel",
    }.items()
    for word in (part.strip() for part in words.split(","))
}


def surface(cell: str) -> str | None:
    """The surface a format cell names (``story``, ``ad``, ``organic`` …), or None."""
    return _SURFACES.get(fold(cell))


def listed(cell: str) -> tuple[str, ...]:
    """The entries of a cell known to be a list."""
    if not cell:
        return ()
    return tuple(part for part in _LIST.split(cell.strip()) if part)

"""The words of a brand's first files, in English and French."""

from __future__ import annotations

from typing import Final

# ruff: noqa: E501 - texts stand whole, as they are written into the files

NOTES: Final = {
    "en": {
        "head": "The crisis playbook of {name}. It stands on the base playbook; what is written here wins.\nLook at it with:  crisisrules lint-playbook crisis.yaml",
        "lines": "Platforms whose crisis line you have read and made your own. Read one:\n  crisisrules line {platform} --kind outage\nWrite your own beside the house rules: house/lines/<platform>.yaml",
        "scenarios": "Kinds of incident whose scenario you have read and made your own; take out those you have not.\nWrite your own: house/scenarios/<kind>.yaml. `reply_criteria` says where it is settled whom to answer.",
        "governance": "Who speaks, who approves, who may stop the calendar.",
        "role": "approves what is said in public",
        "role_community": "watches the pages and answers there",
        "chains": "A first word must be out in minutes: one person and a deputy, with a text that was cleared before.",
        "regimes": "Only regimes listed here start their clocks. They are clocks, not legal advice.",
        "dates": "When the plan was last rehearsed and the contacts last checked: fill in and keep current.",
        "parameters": "Your thresholds. Each is explained by:  crisisrules explain RULE\nTwo that brands often change stand below; remove the # to set them.",
        "busy": "comments about the incident in half an hour that one person cannot follow",
        "disable": "A rule that does not fit can be switched off, with a reason and an end.",
        "reason": "we hand over twice a day anyway",
        "incident": "An example. Replace it with your own incident, or with what your status page exports.",
        "incident_title": "web shop down",
        "keywords": "outage shop payment error",
    },
    "fr": {
        "head": "Le playbook de crise de {name}. Il s'appuie sur le playbook de base ; ce qui est écrit ici l'emporte.\nPour le relire :  crisisrules lint-playbook crisis.yaml --lang fr",
        "lines": "Plateformes dont vous avez lu et adopté la ligne de crise. Pour en lire une :\n  crisisrules line {platform} --kind outage --lang fr\nÉcrivez les vôtres à côté des règles maison : house/lines/<plateforme>.yaml",
        "scenarios": "Natures d'incident dont vous avez lu et adopté le scénario ; retirez les autres.\nÉcrivez les vôtres : house/scenarios/<nature>.yaml. `reply_criteria` dit où il est réglé à qui répondre.",
        "governance": "Qui parle, qui valide, qui peut arrêter le calendrier.",
        "role": "valide ce qui est dit en public",
        "role_community": "veille sur les pages et y répond",
        "chains": "Un premier mot doit sortir en quelques minutes : une personne et un suppléant, avec un texte validé d'avance.",
        "regimes": "Seuls les régimes listés ici lancent leurs délais. Ce sont des horloges, pas un conseil juridique.",
        "dates": "Dernier exercice et dernière vérification des contacts : à remplir et à tenir à jour.",
        "parameters": "Vos seuils. Chacun est expliqué par :  crisisrules explain RÈGLE --lang fr\nDeux seuils souvent changés suivent ; retirez le # pour les fixer.",
        "busy": "commentaires sur l'incident en une demi-heure qu'une personne ne peut plus suivre",
        "disable": "Une règle qui ne convient pas peut être désactivée, avec une raison et une fin.",
        "reason": "la relève se fait déjà deux fois par jour",
        "incident": "Un exemple. Remplacez-le par votre incident, ou par ce que votre page d'état exporte.",
        "incident_title": "boutique en ligne en panne",
        "keywords": "panne boutique paiement erreur",
    },
}

_RULE: Final = """\
# yaml-language-server: $schema=../schemas/rule.schema.json
# <note>
id: comments-pile-up
title: {en: Comments pile up on a page, fr: Les commentaires s'accumulent sur une page}
severity: warning
about: page
when:
  page.incident_comments: {at_least: $comments_at_once, in_last: 30m}
recommend:
  action: staff-shift
  say:
    en: "put a second person on {page}: {page.incident_comments} comments about {incident.title} so far"
    fr: "mettez une deuxième personne sur {page} : {page.incident_comments} commentaires sur {incident.title} jusqu'ici"
because:
  en: One person alone misses the comment that matters.
  fr: Une personne seule laisse passer le commentaire qui compte.
sources: [{title: House rule}]
"""

RULE: Final = {
    "en": _RULE.replace(
        "<note>", "A rule of your own. All facts that it may ask:  crisisrules rules fields"
    ),
    "fr": _RULE.replace(
        "<note>", "Une règle à vous. Tous les faits possibles :  crisisrules rules fields --lang fr"
    ),
}

_RULE_TEST: Final = """\
# yaml-language-server: $schema=../schemas/rule-test.schema.json
# <note>
rule: comments-pile-up
start: <start>
parameters: {comments_at_once: 5}
given:
  - {at: +0m, type: page.described, page: main, platform: <platform>}
  - {at: +0m, type: incident.opened, incident: i1, kind: outage, severity: major, title: "<title>"}
  - {at: +1m, type: post.published, page: main, post: p1, kind: incident_status, incident: i1, text: "<title>"}
cases:
  - name: <fires>
    steps:
      - at: +10m
        event: {type: post.counted, page: main, post: p1, comments: 4, incident_comments: 4}
        then: silent
      - at: +12m
        event: {type: post.counted, page: main, post: p1, comments: 5, incident_comments: 5}
        then: {status: open, action: staff-shift, subject: {page: main}}
  - name: <slow>
    steps:
      - at: +10m
        event: {type: post.counted, page: main, post: p1, comments: 4, incident_comments: 4}
      - at: +50m
        event: {type: post.counted, page: main, post: p1, comments: 5, incident_comments: 5}
        then: silent
"""


def rule_test(language: str, start: str, platform: str) -> str:
    """The test of the first rule, from a real start on a platform."""
    text = _RULE_TEST.replace("<start>", start).replace("<platform>", platform)
    for slot, word in _TEST_WORDS[language].items():
        text = text.replace(f"<{slot}>", word)
    return text


_TEST_WORDS: Final = {
    "en": {
        "note": "The test of the rule beside it. Run it:  crisisrules test --playbook crisis.yaml house",
        "title": "shop down",
        "fires": "the fifth comment within half an hour asks for a second person",
        "slow": "the same number over an hour does not",
    },
    "fr": {
        "note": "Le test de la règle voisine. Pour le lancer :  crisisrules test --playbook crisis.yaml house",
        "title": "boutique en panne",
        "fires": "le cinquième commentaire en une demi-heure demande une deuxième personne",
        "slow": "le même nombre en une heure ne la demande pas",
    },
}

CALENDAR: Final = {
    "en": (
        ("10:00", "Two weeks of subscription free: order today!"),
        ("12:00", "Our shops close at 7 pm tonight for stocktaking"),
        ("15:30", "Our web shop is down since 9:30. Next statement here at 16:30"),
        ("18:00", "Good night everyone, see you tomorrow"),
    ),
    "fr": (
        ("10:00", "Deux semaines d'abonnement offertes : commandez aujourd'hui !"),
        ("12:00", "Nos boutiques ferment à 19 h ce soir pour inventaire"),
        (
            "15:30",
            "Notre boutique en ligne est en panne depuis 9 h 30. Prochain point ici à 16 h 30",
        ),
        ("18:00", "Bonne nuit à tous, à demain"),
    ),
}
"""An example day: its times and texts."""

STEPS: Final = {
    "en": (
        ("crisisrules check {calendar} --incidents {incident} --tz {zone} --playbook {playbook}", "what to hold of this day"),
        ("crisisrules line {platform} --kind outage", "how to speak there"),
        ("crisisrules lint-playbook {playbook}", "what your playbook lacks"),
        ("crisisrules test --playbook {playbook} {house}", "whether your own rules do what they say"),
    ),
    "fr": (
        ("crisisrules check {calendar} --incidents {incident} --tz {zone} --playbook {playbook} --lang fr", "ce qu'il faut retenir de cette journée"),
        ("crisisrules line {platform} --kind outage --lang fr", "comment y parler"),
        ("crisisrules lint-playbook {playbook} --lang fr", "ce qui manque à votre playbook"),
        ("crisisrules test --playbook {playbook} {house}", "si vos règles font ce qu'elles disent"),
    ),
}  # fmt: skip
"""Commands to run first, each with what it shows."""

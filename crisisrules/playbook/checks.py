"""The checks of ``lint-playbook``: what each finds, why it matters, how to put it right, an example.

The examples are whole files of a small playbook; their pages show what the checks say of them, so that
neither can say what the other does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from crisisrules.playbook.rule import Texts

# ruff: noqa: E501 - a sentence stays on its line

FOLDER: Final = "checks"
"""Where the pages of the checks stand, beside the families of rules."""

BRAND: Final = "crisis.yaml"
"""What the examples call a brand's own file."""


@attrs.frozen(kw_only=True)
class Check:
    """One kind of problem.

    Attributes:
        meaning: what it finds, in half a sentence.
        why: what goes wrong when it is left as it is.
        remedy: how to put it right.
        example: files with the mistake, by name; further ones that it needs are in :data:`COMMON`.
    """

    meaning: Texts
    why: Texts
    remedy: Texts
    example: Mapping[str, str]


def page_of(name: str) -> str:
    """Where the page of a check stands, as the pages of rules are named."""
    return f"rules/{FOLDER}/{name}.md"


def _rule(name: str, body: str, action: str = "publish-update") -> dict[str, str]:
    text = (
        f"id: {name}\ntitle: {{en: An example, fr: Un exemple}}\n{body}"
        f"recommend: {{action: {action}, say: {{en: act now, fr: agissez}}}}\n"
        "because: {en: People wait., fr: On attend.}\n"
        "sources: [{title: Our choice}]\n"
    )
    return {f"house/{name}.yaml": text}


_FLOOD: Final = "severity: warning\nabout: page\nwhen:\n  page.comments: {at_least: $flood}\n"
_GOVERNED: Final = """\
extends: base
governance:
  roles: {lead: leads, press: speaks, community: answers}
  owner: lead
  freeze_owner: lead
  freeze_deputy: press
"""
_CHAIN: Final = "  approval_chains:\n    holding: [{role: press, deputy: lead, within: 5m}]\n"

COMMON: Final[Mapping[str, str]] = {
    "common.yaml": (
        "parameters:\n"
        "  flood: {type: count, default: 40, source: our choice, "
        "meaning: {en: a flood, fr: un afflux}}\n"
        "  soon: {type: duration, default: 15m, source: our choice, "
        "meaning: {en: early, fr: tôt}}\n"
    ),
    **_rule("flood", _FLOOD),
    **_rule(
        "status-missing",
        "severity: critical\n"
        "about: page\n"
        "when: {incident.severity: [major, critical]}\n"
        "expect: {post.kind: incident_status}\n"
        "within: {warning: $soon, critical: 60m}\n"
        "of: incident.aware_at\n",
        "publish-status",
    ),
}
"""What a small playbook without a mistake holds; the examples stand beside it."""

CHECKS: Final[Mapping[str, Check]] = {
    "unreachable": Check(
        meaning={
            "en": "a rule, or a branch of it, can never hold with the values of this playbook",
            "fr": "une règle, ou une branche, ne peut jamais être vraie avec les valeurs de ce playbook",
        },
        why={
            "en": "The rule looks like a safeguard and will never speak. What is impossible whatever the values is refused when the playbook is loaded; this is impossible with the values that hold here.",
            "fr": "La règle a l'air d'une garantie et ne parlera jamais. Ce qui est impossible quelles que soient les valeurs est refusé au chargement ; ceci est impossible avec les valeurs en vigueur ici.",
        },
        remedy={
            "en": "Correct the value of the parameter or the limit beside it, or remove the branch.",
            "fr": "Corrigez la valeur du paramètre ou la limite voisine, ou retirez la branche.",
        },
        example=_rule(
            "quiet-flood",
            "severity: warning\n"
            "about: page\n"
            "when:\n"
            "  page.comments: {at_least: $flood, less_than: 40}\n",
        ),
    ),
    "always-true": Check(
        meaning={
            "en": "a condition holds whatever is known, so it says nothing",
            "fr": "une condition est toujours vraie, elle ne dit donc rien",
        },
        why={
            "en": "Whoever reads the rule believes that it is narrower than it is.",
            "fr": "Qui lit la règle la croit plus étroite qu'elle ne l'est.",
        },
        remedy={
            "en": "Leave the condition out, or write the one that was meant.",
            "fr": "Retirez la condition, ou écrivez celle qui était voulue.",
        },
        example=_rule(
            "any-severity",
            "severity: info\n"
            "about: page\n"
            "when:\n"
            "  page.has_status: true\n"
            "  incident.severity: [minor, major, critical]\n",
        ),
    ),
    "shadowed-rule": Check(
        meaning={
            "en": "another rule already says the same, at least as early and as severely",
            "fr": "une autre règle dit déjà la même chose, au moins aussi tôt et aussi sévèrement",
        },
        why={
            "en": "Two cards for one matter: people learn to skip both.",
            "fr": "Deux alertes pour un même sujet : on apprend à ignorer les deux.",
        },
        remedy={
            "en": "Keep one of the two; or make the narrower one more severe, and let it name the other under `replaces`.",
            "fr": "Gardez l'une des deux ; ou rendez la plus étroite plus grave et nommez l'autre sous `replaces`.",
        },
        example=_rule(
            "flood-after-status",
            "severity: warning\n"
            "about: page\n"
            "when:\n"
            "  page.comments: {at_least: 50}\n"
            "  page.has_status: true\n",
        ),
    ),
    "contradictory-rules": Check(
        meaning={
            "en": "what one rule asks for, another one flags, or they ask for opposite actions",
            "fr": "ce qu'une règle demande, une autre le signale, ou leurs actions s'opposent",
        },
        why={
            "en": "Whatever the team does is then a fault.",
            "fr": "Quoi que fasse l'équipe, c'est alors une faute.",
        },
        remedy={
            "en": "Narrow one of the two, move its deadline, or let one replace the other.",
            "fr": "Restreignez l'une des deux, déplacez son délai, ou laissez l'une remplacer l'autre.",
        },
        example=_rule(
            "status-too-soon",
            "severity: info\n"
            "about: post\n"
            "forbid:\n"
            "  post.kind: incident_status\n"
            "  page.status_age: {less_than: 2h}\n",
            "review-post",
        ),
    ),
    "threshold-order": Check(
        meaning={
            "en": "in some context a warning comes after the critical step, or a reminder after the deadline",
            "fr": "dans un contexte, l'avertissement suit le seuil critique, ou le rappel suit l'échéance",
        },
        why={
            "en": "The order is right by default and turns over where a kind of incident, a severity, a platform or a page has a value of its own: the warning is lost just there.",
            "fr": "L'ordre est juste par défaut et s'inverse là où une nature d'incident, une gravité, une plateforme ou une page a sa propre valeur : l'avertissement se perd justement là.",
        },
        remedy={
            "en": "Give the later step a value of its own in the same context, or bring the earlier one forward.",
            "fr": "Donnez au second seuil sa propre valeur dans le même contexte, ou avancez le premier.",
        },
        example={
            BRAND: f"{_GOVERNED}{_CHAIN}parameters:\n  soon: {{kind: {{recall: 90m}}}}\n",
        },
    ),
    "unused-parameter": Check(
        meaning={
            "en": "no rule and no text refers to a parameter",
            "fr": "aucune règle ni aucun texte n'emploie un paramètre",
        },
        why={
            "en": "Somebody may change it in a crisis and wait for an effect.",
            "fr": "Quelqu'un peut le changer en pleine crise et en attendre un effet.",
        },
        remedy={
            "en": "Refer to it as `$name` in a rule, or remove it.",
            "fr": "Employez-le comme `$nom` dans une règle, ou retirez-le.",
        },
        example={
            BRAND: f"{_GOVERNED}{_CHAIN}"
            "parameters:\n"
            "  patience:\n"
            "    {type: duration, default: 20m, source: our choice, meaning: {en: wait, fr: attente}}\n",
        },
    ),
    "threshold-without-source": Check(
        meaning={
            "en": "a number has no source and does not say that it is the brand's choice",
            "fr": "un chiffre n'a pas de source et ne dit pas qu'il est le choix de la marque",
        },
        why={
            "en": "Nobody can tell a number that was found from one that was felt, and it will be argued about in the middle of a crisis.",
            "fr": "Personne ne distingue un chiffre trouvé d'un chiffre senti, et on en discutera en pleine crise.",
        },
        remedy={
            "en": "Write under `source` who publishes it, or `our choice` with the reason.",
            "fr": "Écrivez sous `source` qui le publie, ou `our choice` avec la raison.",
        },
        example={
            BRAND: f"{_GOVERNED}{_CHAIN}"
            "parameters:\n"
            "  crowd: {type: count, default: 90, meaning: {en: a crowd, fr: une foule}}\n",
            **_rule("crowd", _FLOOD.replace("$flood", "$crowd"), "staff-shift"),
        },
    ),
    "missing-translation": Check(
        meaning={
            "en": "a language that other texts have is missing from a text",
            "fr": "il manque à un texte une langue que d'autres textes ont",
        },
        why={
            "en": "A team that reads this language gets half of its playbook in another one.",
            "fr": "Une équipe qui lit cette langue reçoit la moitié de son playbook dans une autre.",
        },
        remedy={
            "en": "Write the missing texts, or take the language out of the others.",
            "fr": "Écrivez les textes qui manquent, ou retirez cette langue des autres.",
        },
        example={
            "house/crowd.yaml": _rule("crowd", _FLOOD.replace("$flood", "90"), "staff-shift")[
                "house/crowd.yaml"
            ].replace("exemple}", "exemple, de: Ein Beispiel}"),
        },
    ),
    "switched-off": Check(
        meaning={
            "en": "a rule is switched off without an end, past its end, twice, or needlessly",
            "fr": "une règle est désactivée sans fin, après sa fin, deux fois, ou sans besoin",
        },
        why={
            "en": "What was silenced for a week stays silent for years.",
            "fr": "Ce qu'on a fait taire une semaine reste muet des années.",
        },
        remedy={
            "en": "Give it an end with `until`, or remove the entry.",
            "fr": "Donnez-lui une fin avec `until`, ou retirez l'entrée.",
        },
        example={
            BRAND: f"{_GOVERNED}{_CHAIN}disable:\n  - {{rule: flood, reason: too many cards}}\n",
        },
    ),
    "action-without-owner": Check(
        meaning={
            "en": "rules ask for an action that nobody in the governance owns",
            "fr": "des règles demandent une action que personne ne porte dans la gouvernance",
        },
        why={
            "en": "The card comes up and everybody thinks that somebody else has it.",
            "fr": "L'alerte paraît et chacun pense qu'un autre s'en charge.",
        },
        remedy={
            "en": "Name the role under the key that the message names.",
            "fr": "Nommez le rôle sous la clé que le message indique.",
        },
        example={BRAND: f"{_GOVERNED}{_CHAIN}".replace("  owner: lead\n", "")},
    ),
    "platform-without-line": Check(
        meaning={
            "en": "a platform is in use and has no crisis line, or no reply criteria",
            "fr": "une plateforme est utilisée sans ligne de crise ou sans critères de réponse",
        },
        why={
            "en": "Tone, pinning and whom to answer are then invented under pressure.",
            "fr": "Le ton, l'épinglage et à qui répondre s'inventent alors sous pression.",
        },
        remedy={
            "en": "Take the line of the base playbook over by naming the platform under `lines`, or write your own as `lines/<platform>.yaml`; say under `reply_criteria` that it is decided whom to answer.",
            "fr": "Reprenez la ligne du playbook de base en nommant la plateforme sous `lines`, ou écrivez la vôtre dans `lines/<plateforme>.yaml` ; dites sous `reply_criteria` qu'il est décidé à qui répondre.",
        },
        example={
            BRAND: f"{_GOVERNED}{_CHAIN}parameters:\n  soon: {{platform: {{tiktok: 10m}}}}\n",
        },
    ),
    "scenario-not-written": Check(
        meaning={
            "en": "a kind of incident is said to have a scenario and has none",
            "fr": "une nature d'incident est dite pourvue d'un scénario et n'en a pas",
        },
        why={
            "en": "The list says that it was prepared, and nothing is there when it is opened.",
            "fr": "La liste dit que c'est préparé, et il n'y a rien quand on l'ouvre.",
        },
        remedy={
            "en": "Write `scenarios/<kind>.yaml`, or take the kind off the list.",
            "fr": "Écrivez `scenarios/<nature>.yaml`, ou retirez-la de la liste.",
        },
        example={BRAND: f"{_GOVERNED}{_CHAIN}scenarios: [recall]\n"},
    ),
    "slow-approval": Check(
        meaning={
            "en": "an approval chain takes longer than the deadline that it serves",
            "fr": "une chaîne de validation dure plus que le délai qu'elle doit servir",
        },
        why={
            "en": "Everybody is on time and the message is late.",
            "fr": "Chacun est à l'heure et le message est en retard.",
        },
        remedy={
            "en": "Shorten the steps, approve in parallel, or clear a template beforehand.",
            "fr": "Raccourcissez les étapes, validez en parallèle, ou autorisez un modèle d'avance.",
        },
        example={BRAND: f"{_GOVERNED}{_CHAIN}".replace("within: 5m", "within: 70m")},
    ),
    "deputy-missing": Check(
        meaning={
            "en": "nobody else can approve or freeze when the first person is away",
            "fr": "personne d'autre ne peut valider ou geler quand le titulaire est absent",
        },
        why={
            "en": "Crises begin at night and in holidays.",
            "fr": "Les crises commencent la nuit et pendant les vacances.",
        },
        remedy={
            "en": "Name another role as `deputy` of the step, or as `freeze_deputy`.",
            "fr": "Nommez un autre rôle comme `deputy` de l'étape, ou comme `freeze_deputy`.",
        },
        example={BRAND: f"{_GOVERNED}{_CHAIN}".replace("deputy: press", "deputy: lead")},
    ),
    "regime": Check(
        meaning={
            "en": "a regulatory regime has no rule, or nobody to file its notices",
            "fr": "un régime réglementaire n'a pas de règle, ou personne pour ses notifications",
        },
        why={
            "en": "Its clocks are thought to run, and do not; or they run and nobody files.",
            "fr": "On croit ses délais en cours, et ils ne courent pas ; ou ils courent et personne ne notifie.",
        },
        remedy={
            "en": "Correct the name after `crisisrules rules list`, write the rule, or name the `owner`.",
            "fr": "Corrigez le nom d'après `crisisrules rules list`, écrivez la règle, ou nommez l'`owner`.",
        },
        example={BRAND: f"{_GOVERNED}  regimes: [gdpr]\n{_CHAIN}"},
    ),
}
"""Each check by the name of its problems."""

"""Every fact that a rule may ask: one line here is one line of ``rules fields``.

The columns: path | type, with the list its values come from and what else is true of it | meaning in
English | in French | what absence means, in both (nothing: absence means unknown).
"""

from __future__ import annotations

from typing import Final

from crisisrules.model import vocabulary
from crisisrules.playbook.facts import Fact

# ruff: noqa: E501 - a table reads best with one fact a line
_TABLE: Final = """
incident.kind | enum:INCIDENT_KINDS | what kind of incident it is | la nature de l'incident
incident.severity | enum:SEVERITIES | how severe those who lead the incident hold it | la gravité selon ceux qui pilotent l'incident
incident.phase | enum:PHASES | where the work on it stands | où en est le traitement | investigating until somebody says otherwise / investigating tant que rien d'autre n'est dit
incident.title | text | its short name for people | son nom court
incident.own | boolean | it is the brand's own, not somebody else's tragedy or failure | c'est celui de la marque, pas le drame ou la panne d'un autre
incident.open | boolean | declared and neither resolved nor dismissed | déclaré, ni résolu ni écarté | false / faux
incident.started_at | instant | when it began | quand il a commencé
incident.opened_at | instant | when it was declared | quand il a été déclaré
incident.aware_at | instant | when the brand knew: as declared, else the moment of the declaration | quand la marque l'a su : tel que déclaré, sinon à la déclaration
incident.age | duration grows | time since it began | temps écoulé depuis le début
incident.known_for | duration grows | time since the brand knew | temps écoulé depuis que la marque le sait
incident.resolved | boolean | declared over | déclaré terminé
incident.resolved_at | instant | when it was declared over | quand il a été déclaré terminé | not over yet / pas encore terminé
incident.resolved_for | duration grows | time since it was declared over | temps écoulé depuis la fin | not over yet / pas encore terminé
incident.recovered | boolean | operations saw everything return | les équipes techniques ont vu tout revenir
incident.partly_recovered | boolean | some component returned, others did not | une partie est revenue, une autre non
incident.recovered_at | instant | when the first recovery was seen | quand le premier retour a été constaté | nothing returned yet / rien n'est encore revenu
incident.recovered_for | duration grows | time since the first recovery | temps écoulé depuis le premier retour | nothing returned yet / rien n'est encore revenu
incident.fully_recovered_at | instant | when the last component returned | quand le dernier composant est revenu | not everything returned / tout n'est pas revenu
incident.cause_confirmed | boolean | the cause was confirmed inside | la cause est confirmée en interne | false / faux
incident.affected | count | people or lines affected, as declared | personnes ou lignes touchées, selon la déclaration
incident.disabled_channels | set:PLATFORMS | channels that the incident itself cuts | canaux que l'incident coupe lui-même | none / aucun
incident.only_on_disabled_channels | boolean | every channel that spoke about it is one that it cuts | tous les canaux qui en ont parlé sont coupés par l'incident
incident.only_on_short_platforms | boolean | every page that spoke about it is on X, Mastodon, Bluesky or Threads | toutes les pages qui en ont parlé sont sur X, Mastodon, Bluesky ou Threads
incident.mentioned | boolean | the brand spoke about it in public, on any page | la marque en a parlé en public, sur une page au moins
incident.first_mention_at | instant | when the brand first spoke about it | quand la marque en a parlé pour la première fois | not yet / pas encore
incident.has_status | boolean | it has a post of its own somewhere | il a une publication dédiée quelque part
incident.first_status_at | instant | when its first own post came | quand la première publication dédiée est parue | none yet / aucune
incident.resolution_published | boolean | a post says that it is over, or mostly | une publication dit que c'est terminé, ou presque
incident.resolution_at | instant | when that post came | quand elle est parue | none yet / aucune
incident.explainer_published | boolean | an account of what failed and how it was mended is out | un récit de la panne et de sa réparation est paru
incident.redress_promised_at | instant | when the brand first promised redress | quand la marque a promis un geste | no promise / aucune promesse
incident.redress_detailed | boolean | the terms of the redress are out | les conditions du geste sont parues
incident.information_due_at | instant | when the oldest cleared fact that is not out was cleared | quand le plus ancien fait autorisé et non paru a été autorisé | nothing waits / rien n'attend
incident.unpublished_information | count | cleared facts that are not out | faits autorisés et non parus
incident.information_for | duration grows | time since the last fact was released inside | temps écoulé depuis le dernier fait diffusé en interne | since the brand knew / depuis que la marque le sait
incident.information_unseen_at | instant | when another role saw a cleared fact that the community role has not seen | quand un autre rôle a vu un fait autorisé que l'animation n'a pas vu | everybody saw everything / tout le monde a tout vu
incident.divergent_at | instant | when a page published a fact that another active page lacks | quand une page a publié un fait qui manque à une autre page active | pages agree / les pages concordent
incident.contradictory | boolean | pages disagree on whether it is over | les pages se contredisent sur la fin de l'incident
incident.records | set | names of the records about it | noms des enregistrements à son sujet | none / aucun
incident.embargo_ends_at | instant | when the embargo on speech about it ends, or ended | quand l'embargo sur sa mention prend fin, ou a pris fin | none was set / aucun embargo
incident.embargo_named | boolean | its embargo was set with an owner and a reason | son embargo a été posé avec un responsable et un motif | false / faux
incident.embargoed | boolean | speech about it is under an embargo with an owner and an end | sa mention est sous embargo, avec responsable et fin | false / faux
incident.has_scenario | boolean | the playbook has a scenario for its kind | le playbook a un scénario pour sa nature
incident.has_owner | boolean | exactly one person owns the external messages | une seule personne porte les messages externes
incident.cell_active_at | instant | when the crisis cell was activated | quand la cellule de crise a été activée | not activated / pas activée
incident.community_in_cell | boolean | somebody of the community or digital role sits in the cell | quelqu'un de l'animation ou du digital siège dans la cellule
incident.classified_at | instant | when it was classified as major under a regime | quand il a été classé majeur au sens d'un régime | not classified / non classé
incident.risk_found_at | instant | when a high risk for people was found | quand un risque élevé pour les personnes a été constaté | none found / aucun constaté
incident.material_at | instant | when it was determined to be material for investors | quand il a été jugé significatif pour les investisseurs | not determined / non déterminé
incident.notified_at | instant | when the authority was notified | quand l'autorité a été notifiée | not notified / non notifiée
incident.intermediate_report_at | instant | when the last intermediate report was sent | quand le dernier rapport intermédiaire a été envoyé | none sent / aucun envoyé
incident.review_scheduled | boolean | a review of it is planned or done | un retour d'expérience est prévu ou fait
incident.pages_in_use | count | pages of the brand that the incident concerns | pages de la marque que l'incident concerne
incident.sign_off | boolean | the return to normal was signed off | le retour à la normale a été validé | false / faux
incident.open_promise | boolean | redress or an explanation was promised and is not out | un geste ou une explication promis n'est pas paru
page.platform | enum:PLATFORMS | the platform it is on | la plateforme
page.public | boolean | the public reads it: no press desk, help line, text message, shop or mailing | le public la lit : ni presse, ni assistance, ni SMS, ni boutique, ni courriel | true / vrai
page.audience | count | people who follow it | personnes qui la suivent
page.mentioned | boolean | the brand spoke about the incident on it | la marque y a parlé de l'incident
page.first_mention_at | instant | when the brand first spoke about it there | quand la marque en a parlé la première fois ici | not yet / pas encore
page.has_status | boolean | the incident has a post of its own on it | l'incident y a une publication dédiée
page.first_status_at | instant | when its first own post came there | quand la première publication dédiée y est parue | none yet / aucune
page.last_status_at | instant | when its newest own post came there | quand la dernière publication dédiée y est parue | none yet / aucune
page.status_age | duration grows | time since the newest own post of the incident | temps écoulé depuis la dernière publication dédiée | none yet / aucune
page.silence | duration grows | time since the brand last spoke about the incident there; before that, since it knew | temps écoulé depuis que la marque y a parlé de l'incident ; avant cela, depuis qu'elle le sait
page.quiet | duration grows | time since the brand last published anything there | temps écoulé depuis que la marque y a publié quoi que ce soit | since it knew / depuis qu'elle le sait
page.status_since_recovery | boolean | an own post of the incident came since the first recovery was seen | une publication dédiée est parue depuis le premier retour constaté
page.next_update_at | instant | the time that the newest status promises for the next one | l'heure promise pour le prochain point | no time promised / aucune heure promise
page.promised_news_at | instant | when the brand first promised news there without having any since | quand la marque y a promis des nouvelles sans en avoir depuis | no promise waits / aucune promesse en attente
page.comments | count countable | comments from the public under its posts | commentaires du public sous ses publications
page.incident_comments | count countable | comments about the incident | commentaires sur l'incident
page.comments_since_word | count | comments about the incident since the brand last spoke about it there | commentaires sur l'incident depuis que la marque y a parlé
page.signal_comments | count countable | comments that sound like an incident while none is declared | commentaires évoquant un incident alors qu'aucun n'est déclaré
page.signal_authors | count countable | different people behind these comments | personnes différentes derrière ces commentaires
page.comments_over_baseline | count ratio | how many times its normal rate the last quarter of an hour was | multiple du rythme normal atteint dans le dernier quart d'heure
page.replies | count countable | answers of the brand there | réponses de la marque
page.incident_replies | count countable | answers of the brand about the incident | réponses de la marque sur l'incident
page.off_topic_replies | count countable | answers about something else since the brand knew | réponses sur autre chose depuis que la marque sait
page.messages | count countable | posts and answers of the brand about the incident | publications et réponses de la marque sur l'incident
page.messages_without_news | count countable | those of them that say nothing new | celles qui n'apprennent rien
page.repeats | count | messages without news in a row, up to now | messages sans nouvelle d'affilée, à cet instant
page.statuses_without_news | count | own posts of the incident without news in a row | publications dédiées sans nouvelle d'affilée
page.latest_status_is_old_state | boolean | its newest own post still says that the incident goes on | sa dernière publication dédiée dit que l'incident continue
page.says_over | boolean | its newest own post is the end of the incident, and not of a part of it | sa dernière publication dédiée annonce la fin de l'incident, et non d'une partie
page.newest_status_pinned | boolean | the newest own post is the pinned one | la dernière publication dédiée est épinglée
page.unanswered_questions | count countable | questions about the incident received | questions reçues sur l'incident
page.questions_alike | count | questions about the incident of the last hour (the newest 128 at least) that have the same two words in common | questions sur l'incident de la dernière heure (au moins les 128 plus récentes) qui ont les deux mêmes mots en commun
page.shared_words | text | the words that these questions share | les mots que ces questions ont en commun | no two share any / aucune n'en partage
page.load | count ratio | incident comments of the last 30 minutes for each reply the brand made in them | commentaires sur l'incident des 30 dernières minutes par réponse de la marque
page.collective_notice | boolean | a message there announces collective answers, or a status answered the thread since the load rose | un message annonce des réponses collectives, ou un statut a répondu depuis l'afflux
page.factual_errors | count countable | false claims about the incident in comments | affirmations fausses sur l'incident dans les commentaires
page.covered | boolean | somebody of the community role is on duty for it | quelqu'un de l'animation est de service
page.covered_for | duration shrinks | time until nobody is on duty any more | temps restant avant que plus personne ne soit de service | nobody is on duty / personne n'est de service
page.has_line | boolean | the playbook has a crisis line for its platform | le playbook a une ligne de crise pour sa plateforme
page.has_reply_criteria | boolean | it is written whether and whom to answer there | il est écrit s'il faut répondre et à qui
page.posted_recently | boolean | the brand published there in the last 90 days | la marque y a publié ces 90 derniers jours
page.is_canonical | boolean | it holds the current state and others point to it | elle porte l'état courant, les autres y renvoient
page.status_component_green | boolean | the status page shows no fault while the incident is open | la page d'état n'affiche aucun défaut pendant l'incident | false / faux
page.shares_dependency | boolean | it depends on what the incident broke | elle dépend de ce que l'incident a cassé | false / faux
post.kind | enum:POST_KINDS | what the text is for; as given, else as its signals say | à quoi sert le texte ; tel que donné, sinon selon ses signaux
post.about_incident | boolean | it speaks about the incident | il parle de l'incident
post.mentions_incident_words | boolean | its words touch the incident's keywords or place | ses mots touchent les mots-clés ou le lieu de l'incident
post.text | text | its words | ses mots
post.language | text | its language | sa langue
post.features | set:FEATURES | what the text says (acknowledgement, apology, next_update_time, …) | ce que dit le texte (reconnaissance, excuses, heure du prochain point, …)
post.age | duration grows only:posts | time since it was published | temps écoulé depuis sa parution
post.published_at | instant only:posts | when it was published | quand il est paru
post.during_incident | boolean only:posts | it was published while the incident was open | il est paru pendant l'incident
post.comments | count countable only:posts | comments under it | commentaires dessous
post.incident_comments | count countable only:posts | comments under it about the incident | commentaires dessous sur l'incident
post.replies | count countable only:posts | answers of the brand under it | réponses de la marque dessous
post.incident_replies | count countable only:posts | answers of the brand under it about the incident | réponses de la marque dessous sur l'incident
post.pinned | boolean only:posts | it is pinned | il est épinglé
post.has_news | boolean | it says something that the brand's earlier messages did not | il dit quelque chose que les messages précédents ne disaient pas
post.is_latest_status | boolean only:posts | it is the newest own post of the incident on its page | c'est la dernière publication dédiée sur sa page
post.is_first_status | boolean | it is the first own post of the incident on its page, or would be | c'est la première publication dédiée sur sa page, ou le serait
post.followed_by_status | boolean | a post of the incident came after it on its page; false of what is not out | une publication dédiée est parue après lui sur sa page ; faux de ce qui n'est pas paru
post.news_since | boolean only:posts | a new fact, phase or recovery came since it was published | un fait, une phase ou un retour est survenu depuis sa parution
post.next_update_at | instant | the time that it promises for the next one | l'heure qu'il promet pour le prochain | no time promised / aucune heure promise
post.promised_redress_at | instant only:posts | when it promised redress without terms | quand il a promis un geste sans conditions | no such promise / aucune promesse
post.links_canonical | boolean | it links to the page that holds the current state | il renvoie à la page qui porte l'état courant
post.links | count | links in it | liens qu'il contient
post.information | set | ids of the released facts it carries | identifiants des faits diffusés qu'il porte | none / aucun
post.template | text | id of the pre-cleared template it was made from | identifiant du modèle pré-validé | none / aucun
post.template_cleared | boolean | it follows a template that was cleared beforehand | il suit un modèle autorisé d'avance
post.approved | boolean | an approval was recorded for its text | une validation est enregistrée pour son texte
post.cleared_by_incident_lead | boolean | those who lead the incident let it go out | ceux qui pilotent l'incident l'ont laissé partir | false / faux
post.held | boolean | it is planned and held back or cancelled | il est programmé et retenu ou annulé | false / faux
post.media_without_alt | boolean | it has a picture or film without text alternative or captions | il a une image ou un film sans texte alternatif
post.has_media | boolean | it has a picture or film | il a une image ou un film
post.edited | boolean only:posts | its text changed after publication | son texte a changé après parution
post.surface | enum:SURFACES | where it appears (organic, story, ad, e-mail, …) | où il paraît (page, story, publicité, courriel, …) | organic / organique
item.state | enum:ITEM_STATES | scheduled, draft, held, cleared or cancelled | programmé, brouillon, retenu, libéré ou annulé
item.due_in | duration shrinks | time until it goes out | temps restant avant sa parution | no date / sans date
item.publish_at | instant | when it goes out | quand il paraît | no date / sans date
item.was_held | boolean | it was held earlier | il a été retenu auparavant
item.in_incident | boolean | it goes out while the incident is open, as far as can be seen | il paraît pendant l'incident, autant qu'on puisse voir
item.maintenance | text | the planned maintenance in which it goes out | la maintenance planifiée pendant laquelle il paraît | none / aucune
item.maintenance_ends_at | instant | when that maintenance ends | quand cette maintenance se termine | none / aucune
draft.step | text | the step of the approval chain it is at | l'étape de validation où il en est | none / aucune
draft.role | text | the role that was asked | le rôle sollicité | none / aucun
draft.requested_at | instant | when the approval that is pending was asked for | quand la validation en attente a été demandée | nothing pending / rien en attente
draft.pending_for | duration grows | time since then | temps écoulé depuis | nothing pending / rien en attente
draft.approved | boolean | all steps asked for were approved | toutes les étapes demandées sont validées
draft.chain | text | which approval chain it follows (holding, update, resolution) | la chaîne de validation suivie
comment.class | enum:COMMENT_CLASSES | what kind of comment it is | quel genre de commentaire c'est
comment.about_incident | boolean | it speaks about the incident | il parle de l'incident
comment.age | duration grows | time since it came | temps écoulé depuis son arrivée
comment.received_at | instant | when it came | quand il est arrivé
comment.answered | boolean | the brand answered it | la marque y a répondu | false / faux
comment.taken | boolean | a person took it in charge | une personne l'a pris en charge | false / faux
comment.removed | boolean | it was hidden or deleted by the brand | la marque l'a masqué ou supprimé | false / faux
comment.removal_policy | text | the published policy named for the removal | la règle publiée invoquée | none / aucune
brand.open_incidents | count | incidents open now | incidents ouverts
brand.pages | count | pages of the brand | pages de la marque
brand.owners | count | people who own the external messages now | personnes qui portent les messages externes
brand.owner_is_technical | boolean | the owner is also the technical lead | ce porteur pilote aussi la technique | false / faux
brand.roster_gap_in | duration shrinks | time until the first hole in the roster of the next 48 hours | temps avant le premier trou de planning des 48 prochaines heures | no hole / aucun trou
brand.longest_shift | duration | the longest shift planned or running | la plus longue vacation prévue ou en cours | no roster / pas de planning
brand.handover_missing_at | instant | when a shift changed without a hand-over note | quand une relève a eu lieu sans note de passation | none missing / aucune ne manque
brand.approver_reachable | boolean | each approver or a deputy is on duty | chaque valideur ou son suppléant est de service
brand.records | set | names of the records of the brand | noms des enregistrements de la marque | none / aucun
brand.roster_known | boolean | any shift was planned or started | une vacation au moins est prévue ou commencée
playbook.declared | boolean | the brand wrote its own playbook file | la marque a écrit son propre fichier
playbook.lines_missing | boolean | a platform in use has no crisis line | une plateforme utilisée n'a pas de ligne de crise
playbook.scenarios_missing | boolean | an incident kind has no scenario | une nature d'incident n'a pas de scénario
playbook.exercise_age | duration grows | time since the plan was last rehearsed | temps écoulé depuis le dernier exercice
playbook.contacts_age | duration grows | time since the contacts were checked | temps écoulé depuis la vérification des contacts
playbook.chain_time_holding | duration | sum of the time limits of the approval chain for holding texts | somme des délais de la chaîne des textes d'attente | no chain / pas de chaîne
playbook.chain_time_update | duration | the same for updates | la même pour les points d'étape | no chain / pas de chaîne
playbook.has_chain | boolean | an approval chain is written | une chaîne de validation est écrite
playbook.regimes | set | regimes the brand declared to apply | régimes que la marque a déclarés | none / aucun
reply.about_incident | boolean only:event | the answer speaks about the incident | la réponse parle de l'incident
reply.has_news | boolean only:event | it says something new | elle apprend quelque chose
reply.features | set:FEATURES only:event | what it says | ce qu'elle dit
reply.under_incident_post | boolean only:event | it stands under a post of the incident | elle est sous une publication dédiée
record.name | text only:event | the name of the record | le nom de l'enregistrement
record.about_incident | boolean only:event | the record names the incident | l'enregistrement nomme l'incident
approval.decision | enum:DECISIONS only:event | what was decided | la décision
approval.role | text only:event | who decided | qui a décidé
approval.step | text only:event | at which step | à quelle étape
shift.role | text only:event | the role that took up duty or handed over | le rôle qui prend ou passe le service
shift.handed_over | boolean only:event | the hand-over note exists | la note de passation existe
"""

_ONLY_FOR: Final = {"posts": ("post", "comment", "event"), "event": ("event",)}


def _fact(line: str) -> Fact:
    path, kind, english, french, *absent = (cell.strip() for cell in line.split(" | "))
    name, *flags = kind.split()
    name, _, listed = name.partition(":")
    only = [flag.removeprefix("only:") for flag in flags if flag.startswith("only:")]
    return Fact(
        path=path,
        type=name,
        values=getattr(vocabulary, listed) if listed else (),
        motion=next((flag for flag in flags if flag in ("grows", "shrinks")), None),
        countable="countable" in flags,
        ratio="ratio" in flags,
        only_for=_ONLY_FOR[only[0]] if only else (),
        meaning={"en": english, "fr": french},
        absent=dict(zip(("en", "fr"), absent[0].split(" / "), strict=True)) if absent else None,
    )


FACTS: Final = {fact.path: fact for fact in map(_fact, _TABLE.strip().splitlines())}
"""Every fact by its path, in the order of the table."""

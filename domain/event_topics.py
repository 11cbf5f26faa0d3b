"""The table of all event classes: the topic, log, class name and commands of each.

`python -m tests.events_page` writes this file. A line without indent names a source file; the lines
below it are the events of that file. The file is long because it is one table.
"""

TOPICS = """\
data_protection.access_log
  consultation.justified@1 access ConsultationJustified
  consultation.asked_for@1 access ConsultedFor
  record.consulted@1 access RecordConsulted
  search.touched@1 access SearchTouched
  search.contact_decided@1 access ContactDecided search.decide_contact
  search.rang@1 access HitRang
  access.reviewed@1 access UnusualAccessReviewed access.review
data_protection.complaint
  complaint.received@1 access ComplaintReceived complaint.receive
  complaint.acknowledged@1 access ComplaintAcknowledged complaint.acknowledge
  complaint.step_taken@1 access ComplaintStepTaken complaint.step
  complaint.outcome_told@1 access ComplaintOutcomeTold complaint.tell
data_protection.copies
  backup.made@1 access BackupMade
  store.restored@1 access StoreRestored
  proof.taken@1 access ProofTaken
  copy.fingerprinted@1 access CopyFingerprinted
  copy.destroyed@1 access CopyDestroyed copy.destroy
data_protection.disclosure
  disclosure.made@2 access DisclosureMade disclosure.make
  disclosure.made@1 access DisclosureMade1 disclosure.make
  disclosure.recalled@1 access DisclosureRecalled disclosure.recall
  disclosure.recipient_told@1 access RecipientTold disclosure.tell
data_protection.erasure
  erasure.proposed@1 evidence ErasureProposed
  erasure.planned@1 evidence ErasurePlanned
  erasure.redactions_written@1 evidence RedactionsWritten
  erasure.approved@1 evidence ErasureApproved
  erasure.refused@1 evidence ErasureRefused
  item.erased@1 evidence ItemErased
  source.erased@1 sources SourceErased
  product.erased@1 product ProductErased
  note.erased@1 access NoteErased
  erasure.held_back@1 evidence ErasureHeldBack
  erasure.keys_destroyed@1 evidence KeysDestroyed
  erasure.certified@1 evidence ErasureCertified
data_protection.legal_hold
  hold.ordered@1 evidence HoldOrdered hold.place
  hold.registered@1 evidence HoldRegistered
  hold.confirmed@1 evidence HoldConfirmed hold.confirm
  hold.reviewed@1 evidence HoldReviewed hold.review
  hold.ended@1 evidence HoldEnded hold.lift
data_protection.request_intake
  request.noted@1 access RequestNoted request.note
  request.subject_found@1 access RequestSubjectFound request.find
  request.nil_answered@1 access RequestNilAnswered request.answer_nil
data_protection.retention
  hold.placed@1 evidence HoldPlaced
  hold.lifted@1 evidence HoldLifted
  restriction.placed@1 evidence RestrictionPlaced restriction.place
  restriction.requested@1 evidence RestrictionRequested restriction.request
  restriction.refused@1 evidence RestrictionRefused restriction.refuse
  restriction.lifted@1 evidence RestrictionLifted restriction.lift
  review.decided@1 evidence ReviewDecided review.decide
data_protection.subject_request
  request.received@1 access AccessRequested request.receive
  request.extended@1 access RequestExtended request.extend
  request.subject_asked@1 access SubjectAsked request.ask_subject
  request.subject_answered@1 access SubjectAnswered request.hear_subject
  request.part_asked@1 access RequestPartAsked request.ask_parts
  request.part_answered@1 access RequestPartAnswered request.answer_part
  request.item_decided@1 access RequestItemDecided request.decide
  request.answered_in_part@1 access RequestAnsweredInPart
  request.answered@1 access RequestAnswered request.answer
  item.statement_added@1 evidence StatementAdded item.add_statement
exchange.offer
  offer.made@1 product OfferMade offer.make
  offer.renewed@1 product OfferRenewed
  offer.ended@1 product OfferEnded offer.withdraw
  offer.end_obeyed@1 product OfferEndObeyed
  offer.matched@1 product OfferMatched
  offer.match_ended@1 product OfferMatchEnded
  offer.contact_decided@1 product OfferContactDecided offer.decide_contact
families.charity_support
  support.contact_made@1 evidence ContactMade
  support.way_checked@1 evidence WayChecked
  support.note_written@1 evidence NoteWritten
families.charter
  charter.acknowledged@1 evidence CharterAcknowledged charter.acknowledge
families.choice
  family.choice_recorded@1 evidence ChoiceRecorded family.choice
families.compartment
  health.noted@1 evidence HealthNoted
  placement.made@1 evidence PlacementMade
  placement.ended@1 evidence PlacementEnded
  compartment.opened@1 evidence CompartmentOpened
  compartment.closed@1 evidence CompartmentClosed
families.ethnicity
  person.ethnicity_told@1 evidence EthnicityTold person.ethnicity
  family.ethnicity_told@1 evidence FamilyEthnicityTold family.ethnicity
families.exploitation
  exploitation.assessed@1 evidence ModelAssessed exploitation.assess
families.family_contact
  family.told@1 evidence FamilyTold family.tell
  family.promised@1 evidence PromiseMade family.promise
  family.promise_ended@1 evidence PromiseEnded family.end_promise
  family.invited@1 evidence FamilyInvited family.invite
  family.asked@1 evidence FamilyAsked family.ask
families.family_member
  family.member_named@1 evidence MemberNamed family.member
  family.care_told@1 evidence CareTold family.cares
  family.engagement_told@1 evidence EngagementTold family.engaged
  family.relation_assessed@1 evidence RelationAssessed family.relation
  family.at_risk_named@1 evidence AtRiskNamed family.at_risk
  family.at_risk_assessed@1 evidence AtRiskAssessed family.assess_at_risk
  family.at_risk_decided@1 evidence AtRiskDecided family.decide
families.identifier
  identifier.told@1 evidence IdentifierTold identifier.tell
  identifier.withdrawn@1 evidence IdentifierWithdrawn identifier.withdraw
  identifier.opened@1 evidence IdentifierOpened identifier.open
families.interview
  interview.requested@1 evidence InterviewRequested interview.request
  interview.step_taken@1 evidence InterviewStepTaken interview.step
families.marac
  marac.referred@1 evidence MaracReferred marac.refer
  marac.heard@1 evidence MaracHeard marac.hear
families.missing
  missing.pattern_judged@1 evidence PatternJudged missing.judge
  missing.plan_written@1 evidence PlanWritten missing.plan
families.monitoring
  case.monitored@1 evidence ReferralMonitored case.monitored
families.nationality
  person.nationality_told@1 evidence NationalityTold person.nationality
families.need
  need.told@1 evidence NeedTold need.tell
  need.answered@1 evidence NeedAnswered need.answer
  threat.told@1 evidence ThreatTold threat.tell
  threat.answered@1 evidence ThreatAnswered threat.answer
  family.moved@1 evidence FamilyMoved family.move
families.parent
  parent.risk_noted@1 evidence ParentRiskNoted parent.risk
  parent.risk_ended@1 evidence ParentRiskEnded parent.end_risk
families.protection
  alert.answered@1 evidence AlertAnswered alert.answer
  alert.rang@1 evidence AlertRang
  alert.ended@1 evidence AlertEnded
  referral.considered@1 evidence ReferralConsidered referral.consider
  danger.flagged@1 evidence DangerFlagged danger.flag
families.publication
  publication.noted@1 evidence PublicationNoted publication.note
  publication.answered@1 evidence PublicationAnswered publication.answer
  press.checked@1 evidence PressChecked press.check
families.raid
  case.found_in_raid@1 evidence FoundInRaid case.found_in_raid
families.referral
  case.opened@1 evidence CaseOpened
  case.referral_received@1 evidence ReferralReceived
  case.threshold_assessed@2 evidence ThresholdAssessed case.threshold
  case.threshold_assessed@1 evidence ThresholdAssessed1 case.threshold
  case.rating_reopened@1 evidence RatingReopened
  case.exit_reopened@1 evidence ExitReopened
  case.worker_allocated@1 evidence WorkerAllocated case.allocate
  case.allocation_reasoned@1 evidence AllocationReasoned
  case.engagement_recorded@1 evidence EngagementRecorded case.engagement
  case.missing_reported@1 evidence MissingReported case.missing
  case.missing_graded@1 evidence MissingGraded case.missing_risk
  case.missing_found@1 evidence MissingFound case.found
  case.return_interview_recorded@1 evidence ReturnInterviewRecorded case.interview
  case.withholding_weighed@1 evidence WithholdingWeighed case.weigh
  case.flagged@1 evidence CaseFlagged case.flag
  case.exit_assessed@1 evidence ExitAssessed case.exit
  case.closed@1 evidence CaseClosed case.close
  case.reopened@1 evidence CaseReopened
  case.redacted@1 evidence CaseRedacted
families.supervision
  supervision.told@1 evidence SupervisionTold supervision.tell
families.waiting_family
  waiting.told@1 evidence WaitingTold waiting.tell
  waiting.asked@1 evidence WaitingAsked waiting.ask
  waiting.ended@1 evidence WaitingEnded waiting.end
information.covert_source_review
  source.status_review_due@1 sources StatusReviewDue source.status_review
  source.status_decided@1 sources StatusDecided source.status_decision
information.observation
  observation.recorded@1 evidence ObservationRecorded
  observation.source_held@1 evidence SourceHeld
  observation.source_transferred@1 evidence SourceTransferred
  observation.read@1 evidence ObservationRead
  observation.flagged@1 evidence ObservationFlagged
  observation.mention_confirmed@1 evidence MentionConfirmed observation.confirm
  observation.misread@1 evidence MentionMisread observation.misread
  observation.corrected@1 evidence ObservationCorrected observation.correct
  observation.log_photographed@1 evidence LogPhotographed observation.photograph
  observation.refiled@1 evidence ObservationRefiled observation.refile
  observation.unfiled@1 evidence ObservationUnfiled
  observation.withdrawn@1 evidence ObservationWithdrawn observation.withdraw
  observation.taken@1 evidence ObservationTaken observation.take
  observation.urgency_raised@1 evidence UrgencyRaised observation.raise
  observation.urgency_lowered@1 evidence UrgencyLowered observation.lower
  observation.triaged@1 evidence ObservationTriaged observation.triage
  observation.no_value_audited@1 evidence NoValueAudited
  observation.assessed@1 evidence ObservationAssessed
  observation.redacted@1 evidence ObservationRedacted
information.phone_outbox
  outbox.wipe_ordered@1 access WipeOrdered
  outbox.wipe_taken_back@1 access WipeTakenBack
  outbox.wiped@1 access OutboxWiped
information.shared_mentions
  join.confirmed@1 evidence JoinConfirmed join.confirm
  join.dismissed@1 evidence JoinDismissed join.dismiss
information.source
  source.registered@1 sources SourceRegistered
  source.described@1 sources SourceDescribed
  source.entry_made@1 sources SourceEntryMade
  source.graded@1 sources SourceGraded source.grade
  source.conflict_noted@1 sources SourceConflictNoted source.conflict
  roots.joined@1 evidence RootsJoined roots.join
  roots.parted@1 evidence RootsParted roots.part
intelligence.corroboration
  report.corroboration_judged@1 evidence CorroborationJudged
intelligence.entity
  person.recorded@1 evidence PersonRecorded
  person.alias_added@1 evidence AliasAdded person.alias
  person.named@1 evidence PersonNamed person.name
  person.classified@1 evidence PersonClassified person.classify
  person.classification_ended@1 evidence ClassificationEnded person.end_classification
  person.age_recorded@1 evidence AgeRecorded person.age
  person.learning_disability_recorded@1 evidence LearningDisabilityRecorded person.disability
  person.custody_stated@1 evidence CustodyStated person.custody
  thing.recorded@1 evidence ThingRecorded
intelligence.identity
  identity.judged@1 evidence IdentityJudged identity.same identity.different identity.unsure
  identity.revoked@1 evidence IdentityRevoked
intelligence.intelligence_report
  report.opened@1 evidence ReportOpened
  report.item_graded@1 evidence ItemGraded report.regrade
  report.item_sanitised@1 evidence ItemSanitised report.sanitise
  report.disseminated@1 evidence ReportDisseminated report.disseminate
  report.consent_asked@1 evidence ConsentAsked report.ask_consent
  report.consent_given@1 evidence ConsentGiven report.give_consent
  report.consent_refused@1 evidence ConsentRefused report.refuse_consent
  report.withdrawn@1 evidence ReportWithdrawn report.withdraw
  report.redacted@1 evidence ReportRedacted
  product.released@1 product ProductReleased
intelligence.link
  link.asserted@1 evidence LinkAsserted
  link.retracted@1 evidence LinkRetracted link.retract
intelligence.meeting
  meeting.called@1 evidence MeetingCalled meeting.call
  meeting.called_off@1 evidence MeetingCalledOff meeting.call_off
  meeting.held@1 evidence MeetingHeld meeting.hold
  meeting.item_added@1 evidence ItemAdded meeting.add_item
  meeting.decided@1 evidence Decided meeting.decide
  meeting.result_told@1 evidence ResultTold meeting.result
  meeting.board_kept@1 evidence BoardKept meeting.keep_board meeting.show_people
intelligence.release
  release.proposed@1 evidence ReleaseProposed
  release.confirmed@1 evidence ReleaseConfirmed release.confirm
  release.refused@1 evidence ReleaseRefused release.refuse
  release.review_due@1 evidence ReleaseReviewDue
  release.reviewed@1 evidence ReleaseReviewed release.review
intelligence.saved_map
  chart.saved@1 evidence ChartSaved chart.save
  chart.noted@1 evidence ChartNoted chart.note
  chart.withdrawn@1 evidence ChartWithdrawn chart.withdraw
intelligence.standing_watch
  standing_search.set@1 evidence StandingSearchSet standing_search.set
  standing_search.ended@1 evidence StandingSearchEnded standing_search.end
  standing_pattern.set@1 evidence StandingPatternSet standing_pattern.set
  standing_pattern.met@1 evidence StandingPatternMet
  standing_pattern.ended@1 evidence StandingPatternEnded standing_pattern.end
justice.abduction_notice
  notice.service_told@1 evidence ServiceTold notice.service
  notice.breached@1 evidence NoticeBreached notice.breach
  notice.breach_followed_up@1 evidence BreachFollowedUp notice.follow_up
justice.arrest_to_result
  justice.arrest_made@1 evidence ArrestMade
  justice.charge_brought@1 evidence ChargeBrought
  justice.notice_served@1 evidence NoticeServed
  justice.result_recorded@1 evidence ResultRecorded
  justice.result_reopened@1 evidence ResultReopened
  justice.care_stated@1 evidence CareStated
justice.charging
  charging.decided@1 evidence ChargingDecided charging.decide
  charging.review_told@1 evidence ReviewTold charging.review
justice.court
  court.hearing_set@1 evidence HearingSet court.hearing
  court.hearing_moved@1 evidence HearingMoved court.move
  court.hearing_held@1 evidence HearingHeld court.hold
  court.bail_set@1 evidence BailSet court.bail
  court.bail_ended@1 evidence BailEnded court.end_bail
  court.plea_entered@1 evidence PleaEntered court.plea
  court.measure_told@1 evidence MeasureTold court.measure
  court.account_taken@1 evidence AccountTaken court.account
  court.step_taken@1 evidence StepTaken court.step
justice.duty_to_report
  reporting.duty_arose@1 evidence DutyArose reporting.arise
  reporting.delayed@1 evidence ReportDelayed reporting.delay
  reporting.reported@1 evidence AbuseReported reporting.report
justice.evidence
  evidence.gathered@1 evidence EvidenceGathered
  evidence.transferred@1 evidence EvidenceTransferred evidence.transfer
  evidence.excluded@1 evidence EvidenceExcluded evidence.status
  evidence.undermined@1 evidence EvidenceUndermined
  evidence.withdrawn@1 evidence EvidenceWithdrawn
justice.unused_material
  material.reviewed@1 access MaterialReviewed material.review
  schedule.made@1 access ScheduleMade schedule.make
justice.verdict
  verdict.order_made@1 evidence OrderMade verdict.order
  verdict.appeal_lodged@1 evidence AppealLodged verdict.appeal
  verdict.appeal_decided@1 evidence AppealDecided verdict.decide_appeal
justice.victim_request
  victim_request.asked@1 evidence InformationAsked victim_request.ask
  victim_request.victim_told@1 evidence VictimTold victim_request.tell
  victim_request.decided@1 evidence InformationDecided victim_request.decide
  victim_request.handed_over@1 evidence InformationHandedOver victim_request.hand_over
  victim_request.withdrawn@1 evidence RequestWithdrawn victim_request.withdraw
matching.trained
  weights.trained@1 evidence WeightsTrained weights.train
people_and_teams.account
  user.added@1 access UserAdded
  user.made_service@1 access ServiceMade
  user.key_made@1 access KeyMade user.make_key
  user.key_proposed@1 access KeyProposed
  user.key_ended@1 access KeyEnded
  user.left@1 access UserLeft
  user.locked@1 access UserLocked
  user.unlocked@1 access UserUnlocked
  user.invited@1 access UserInvited user.invite
  user.recovery_proposed@1 access RecoveryProposed
  user.right_proposed@1 access RightProposed
  user.right_confirmed@1 access RightConfirmed
  user.right_refused@1 access RightRefused
  user.right_given_alone@1 access RightGivenAlone
  user.role_lent@1 access RoleLent
  user.role_given@1 access RoleGiven
  user.role_taken@1 access RoleTaken
  user.team_joined@1 access TeamJoined
  user.team_left@1 access TeamLeft
  user.assigned@1 access UserAssigned
  user.assignment_ended@1 access AssignmentEnded
  team.made@1 access TeamMade
  team.renamed@1 access TeamRenamed
  team.merged@1 access TeamMerged
  team.merge_proposed@1 access TeamMergeProposed
  charity.named@1 access CharityNamed team.charity
people_and_teams.confidential_report
  escalation.made@1 access EscalatedOutsideLine
  escalation.seen@1 access EscalationSeen
people_and_teams.costs
  cost.stated@1 evidence CostStated cost.state
people_and_teams.deadline
  due.answered@1 evidence DueAnswered
people_and_teams.grant
  glass.broken@1 access GlassBroken
  glass.closed@1 access GlassClosed
  glass.reviewed@1 access GlassReviewed
  authority.given@1 access AuthorityGiven
  authority.approved@1 access AuthorityApproved
  authority.ended@1 access AuthorityEnded
  entry.asked@1 access EntryAsked
  entry.opened@1 access EntryOpened
  entry.opened_alone@1 access EntryOpenedAlone
  entry.reviewed@1 access EntryReviewed
people_and_teams.notifying
  due.escalated@1 evidence DueEscalated
  due.began@1 evidence DueBegan
  due.acknowledged@1 evidence DueAcknowledged due.acknowledge
  due.told@1 access PersonTold
  user.address_given@1 access AddressGiven user.reach
  user.address_taken@1 access AddressTaken
people_and_teams.published_card
  card.published@1 evidence CardPublished card.publish
  card.protection_chosen@1 evidence CardProtectionChosen card.protection
people_and_teams.recovery
  loss.declared@1 evidence LossDeclared
  clock.stepped@1 evidence ClockStepped
  succession.proposed@1 evidence CopyProposed succession.propose
  succession.confirmed@1 evidence CopyConfirmed succession.confirm
  succession.refused@1 evidence CopyRefused succession.refuse
  succession.copied@1 evidence RecordCopied
people_and_teams.report_card
  target.set@1 evidence TargetSet target.set
people_and_teams.right_time
  clock.proposed@1 evidence ClockProposed clock.propose
  clock.set_right@1 evidence ClockSetRight clock.confirm
  clock.refused@1 evidence ClockRefused clock.refuse
people_and_teams.rota
  rota.duty_given@1 evidence DutyGiven
  rota.duty_ended@1 evidence DutyEnded rota.end
people_and_teams.store_admin
  store.made@1 evidence StoreMade
  store.closed@1 access StoreClosed
  file.received@2 evidence FileReceived
  file.received@1 evidence FileReceived1
  file.sealed@1 evidence FileSealed
  export.made@2 access ExportMade
  export.made@1 access ExportMade1
  calendar.taken@1 access CalendarTaken
  pack.made@1 access PackMade pack.make
  brief.held@1 evidence BriefHeld brief.hold
  access.anchored@1 evidence AccessAnchored
  log.anchored@1 evidence LogAnchored
  origin.anchored@1 access EvidenceAnchored
  keys.moving@1 evidence KeysMoving keys.move
  keys.rotated@1 evidence KeysRotated keys.rotate
  signer.key_changed@1 evidence SignerKeyChanged signer.change_key
people_and_teams.team_practice
  team.capacity_set@1 evidence CapacitySet team.capacity
  team.thresholds_defined@1 evidence ThresholdsDefined team.define
  team.letters_ruled@1 evidence LettersRuled team.letters
people_and_teams.team_service
  team.service_stated@1 evidence ServiceStated team.state_service
people_and_teams.two_person
  proposal.made@1 evidence ProposalMade proposal.make
  proposal.confirmed@1 evidence ProposalConfirmed proposal.confirm
  proposal.refused@1 evidence ProposalRefused proposal.refuse
"""
#: The topics of events that change nothing but their own stream (`Meaning.alone`).
ALONE = frozenset(
    {
        "observation.recorded@1",
        "observation.source_held@1",
        "observation.source_transferred@1",
        "observation.read@1",
        "observation.flagged@1",
        "observation.taken@1",
        "observation.triaged@1",
        "due.answered@1",
        "file.received@2",
        "file.received@1",
        "keys.moving@1",
        "keys.rotated@1",
    }
)

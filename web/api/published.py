"""The names that some classes have in the API's published description, if these differ from their
names in the code.

A renamed class gets a line here, so that generated clients do not change (`python -m
tests.house.unchanged` shows which names would change).
"""

#: The published names of classes in the API's description. The key is msgspec's name for the class:
#: its own name, with its module if two classes have the same name.
PUBLISHED = {
    "BlamingPhrase": "Finding",
    "BulkMatch": "Listed",
    "CertificateLine": "Certified",
    "ClosedStep": "Gap",
    "Consultation": "Looked",
    "CurrentDuty": "Standing",
    "DueItem": "DueDue",
    "FacetCount": "FacetsCount",
    "FoundPattern": "Found",
    "HealthNote": "Noted",
    "ItemChange": "Change",
    "Line": "AgendaLine",
    "MatchedPattern": "Awaited",
    "MissingLink": "Tie",
    "OpenedAccess": "Opened",
    "Page_BulkMatch_": "Page_Listed_",
    "Page_CertificateLine_": "Page_Certified_",
    "Page_FoundPattern_": "Page_Found_",
    "Page_HealthNote_": "Page_Noted_",
    "Page_MatchedPattern_": "Page_Awaited_",
    "Page_OpenedAccess_": "Page_Opened_",
    "Page_PairCount_": "Page_Count_",
    "Page_Placement_": "Page_Placed_",
    "Page_QueueItem_": "Page_Waiting_",
    "Page_RecordedCopy_": "Page_Held_",
    "Page_ShownIdentifier_": "Page_Shown_",
    "PairCount": "PeriodsCount",
    "PendingRelease": "ReleasesWaiting",
    "PeriodFigures": "Frame",
    "Placement": "Placed",
    "QueueItem": "QueueWaiting",
    "RankedHit": "Hit",
    "RecordedCopy": "Held",
    "ResultLine": "ShownLine",
    "ReviewDue": "RetentionDue",
    "ShownIdentifier": "Shown",
    "Step": "ProceedingsStep",
    "TriggerPlan": "Plan",
    "WantedDecision": "Wanted",
    "network.over_time.brief_rows.Sentence": "SaidSentence",
    "network.picture.picture_data.Hub": "DocumentHub",
    "projections.families.family_contact.ToldRow": "FamiliesToldRow",
    "projections.families.family_members.Member": "MembersMember",
    "projections.families.waiting_families.WaitingRow": "WaitingWaitingRow",
    "projections.people_and_teams.notified.ToldRow": "ToldToldRow",
    "questions.justice.evidence_gaps.Lack": "SufficiencyLack",
}

//! Operations that wait at the service until there is something to return. Programs call them in a loop.

use crate::plumbing::operation::Operation;

/// Whether an operation polls. The list is that of botocore 1.44.8 (`_LONG_POLLING_OPERATIONS` in `retries/standard.py`), until
/// published models have the trait `aws.api#longPoll`.
pub(crate) fn is_long_poll(operation: &Operation) -> bool {
    matches!(
        (operation.service.sdk_id, operation.name),
        ("SQS", "ReceiveMessage")
            | ("SFN", "GetActivityTask")
            | ("SWF", "PollForActivityTask" | "PollForDecisionTask")
            | (
                "Kinesis",
                "ReceiveQueueRecords" | "ReceiveDeadLetterQueueRecords"
            )
    )
}

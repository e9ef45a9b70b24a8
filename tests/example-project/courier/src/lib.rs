//! Code that uses a client, with tests that need no service: see the folder `tests`.

use parcels::{Client, Error, ServiceError};

/// Sends a parcel to each recipient, and returns the ids of the parcels. One that is too heavy is sent in two halves.
///
/// # Errors
/// Those of the service. The parcels before it were sent.
pub fn send_all(client: &Client, recipients: &[&str], grams: i32) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    for recipient in recipients {
        match send(client, recipient, grams) {
            Err(error) if matches!(error.service(), Some(ServiceError::TooHeavy(_))) => {
                ids.push(send(client, recipient, grams / 2)?);
                ids.push(send(client, recipient, grams - grams / 2)?);
            }
            sent => ids.push(sent?),
        }
    }
    Ok(ids)
}

fn send(client: &Client, recipient: &str, grams: i32) -> Result<String, Error> {
    let call = client.send_parcel().recipient(recipient).grams(grams);
    Ok(call.send().wait()?.parcel_id)
}

//! The program with the official SDK. It reads its settings from the environment, as the guide of the SDK shows.

use aws_config::BehaviorVersion;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use bench_measure::{BUCKET, Failure, OBJECT, OBJECT_LENGTH, Operation};

/// A client, and what it uploads.
#[derive(Clone)]
pub(crate) struct Program {
    client: Client,
    content: bytes::Bytes,
}

impl bench_measure::Program for Program {
    async fn connect() -> Result<Self, Failure> {
        let settings = aws_config::load_defaults(BehaviorVersion::latest()).await;
        Ok(Self {
            client: Client::new(&settings),
            content: bench_measure::content().into(),
        })
    }

    async fn call(&self, operation: Operation) -> Result<usize, Failure> {
        match operation {
            Operation::ListObjects => {
                let page = self.client.list_objects_v2().bucket(BUCKET).send().await?;
                Ok(page.contents().len())
            }
            Operation::GetObject => {
                let request = self.client.get_object().bucket(BUCKET).key(OBJECT);
                let content = request.send().await?.body.collect().await?.into_bytes();
                Ok(usize::from(content.len() == OBJECT_LENGTH))
            }
            Operation::PutObject => {
                let request = self.client.put_object().bucket(BUCKET).key(OBJECT);
                let body = ByteStream::from(self.content.clone());
                let stored = request.body(body).send().await?;
                Ok(usize::from(stored.e_tag().is_some()))
            }
            _ => Err("this contestant calls S3 only".into()),
        }
    }
}

//! The program with attache, with its default features and default settings. `cargo xtask bench` generates the client
//! below `target/` and builds this program beside it.

use attache_s3_slice::{Client, Config};
use bench_measure::{BUCKET, Failure, OBJECT, OBJECT_LENGTH, Operation};
use bytes::Bytes;

/// A client, and what it uploads.
#[derive(Clone)]
pub(crate) struct Program {
    client: Client,
    content: Bytes,
}

impl bench_measure::Program for Program {
    async fn connect() -> Result<Self, Failure> {
        Ok(Self {
            client: Client::new(&Config::from_env().await?),
            content: bench_measure::content().into(),
        })
    }

    async fn call(&self, operation: Operation) -> Result<usize, Failure> {
        match operation {
            Operation::ListObjects => {
                let page = self.client.list_objects_v2().bucket(BUCKET).send().await?;
                Ok(page.contents.iter().flatten().count())
            }
            Operation::GetObject => {
                let request = self.client.get_object().bucket(BUCKET).key(OBJECT);
                let content = request.send().await?.body.collect().await?;
                Ok(usize::from(content.len() == OBJECT_LENGTH))
            }
            Operation::PutObject => {
                let request = self.client.put_object().bucket(BUCKET).key(OBJECT);
                let stored = request.body(self.content.clone()).send().await?;
                Ok(usize::from(stored.e_tag.is_some()))
            }
            _ => Err("this contestant calls S3 only".into()),
        }
    }
}

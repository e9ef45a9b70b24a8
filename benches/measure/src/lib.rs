//! What all contestants share: the arguments, the load, and what is measured while it runs.
//!
//! A contestant implements [`Program`]. All other code is the same for all contestants, so that differences come from
//! the contestants. Settings come from the usual environment variables: `AWS_REGION`, `AWS_ENDPOINT_URL`,
//! `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.

mod arguments;
mod clones;
#[cfg(feature = "counting")]
pub mod counting;
mod load;
mod opening;

use std::any::Any;
use std::error::Error;
use std::future::Future;
use std::process::ExitCode;

use crate::arguments::{Arguments, Task};

/// An error of a contestant.
pub type Failure = Box<dyn Error + Send + Sync>;

/// How many cases the server lists for AWS Support.
pub const SUPPORT_CASES: usize = 100;
/// How many cases the server lists for AWS Security Incident Response.
pub const SECURITY_CASES: usize = 25;
/// How many attachments a call adds.
pub const ATTACHMENTS: usize = 3;
/// The length of each attachment in bytes: almost the limit of the service.
pub const ATTACHMENT_LENGTH: usize = 5_000_000;
/// The length in bytes of the file for which an upload URL is requested.
pub const UPLOAD_LENGTH: i64 = 1024 * 1024;
/// The case for which an upload URL is requested.
pub const CASE_ID: &str = "1234567890";
/// The files' name.
pub const FILE_NAME: &str = "memory.dump";
/// How many instances the server lists for EC2.
pub const INSTANCES: usize = 100;
/// The role that is assumed.
pub const ROLE_ARN: &str = "arn:aws:iam::123456789012:role/security/incident-responder";
/// The name of its session.
pub const SESSION_NAME: &str = "bench";

/// The bucket of S3.
pub const BUCKET: &str = "incident-evidence";
/// How many objects the server lists for S3.
pub const OBJECTS: usize = 1_000;
/// The object that is read and written.
pub const OBJECT: &str = "cases/1234567890/memory.dump";
/// Its length in bytes.
pub const OBJECT_LENGTH: usize = 10_000_000;

/// The content of the object.
#[must_use]
pub fn content() -> Vec<u8> {
    (0..OBJECT_LENGTH)
        .map(|index| (index * 31 % 251) as u8)
        .collect()
}

/// The operation that a program calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Support `DescribeCases`, [`SUPPORT_CASES`] cases with their communications.
    DescribeCases,
    /// Security Incident Response `ListCases`, [`SECURITY_CASES`] cases.
    ListCases,
    /// Security Incident Response `GetCaseAttachmentUploadUrl`.
    UploadUrl,
    /// Support `AddAttachmentsToSet`, [`ATTACHMENTS`] attachments of [`ATTACHMENT_LENGTH`].
    AddAttachments,
    /// EC2 `DescribeInstances`, [`INSTANCES`] instances.
    DescribeInstances,
    /// STS `AssumeRole`.
    AssumeRole,
    /// S3 `ListObjectsV2`, [`OBJECTS`] objects.
    ListObjects,
    /// S3 `GetObject`, [`OBJECT_LENGTH`] bytes.
    GetObject,
    /// S3 `PutObject`, [`OBJECT_LENGTH`] bytes.
    PutObject,
}

impl Operation {
    /// The number of elements that a call must find in the response.
    fn expected(self) -> usize {
        match self {
            Self::DescribeCases => SUPPORT_CASES,
            Self::ListCases => SECURITY_CASES,
            Self::DescribeInstances => INSTANCES,
            Self::ListObjects => OBJECTS,
            Self::UploadUrl
            | Self::AddAttachments
            | Self::AssumeRole
            | Self::GetObject
            | Self::PutObject => 1,
        }
    }

    /// # Errors
    /// A call has found another number of elements.
    fn check(self, found: usize) -> Result<(), Failure> {
        let expected = self.expected();
        if found == expected {
            return Ok(());
        }
        Err(format!("{self:?} returned {found} elements instead of {expected}").into())
    }
}

/// The result of the caller of `CreateCase`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The case is open.
    Opened,
    /// The call failed, without a statement about the case.
    Failed,
    /// The call failed, and the case may have been opened.
    Doubtful,
    /// The call failed, and no case was opened.
    NotOpened,
}

/// A contestant. Clones share their connections.
pub trait Program: Clone + Send + Sync + 'static {
    /// Reads the settings and creates the clients.
    fn connect() -> impl Future<Output = Result<Self, Failure>> + Send;

    /// Makes a call and reads the whole response. Returns how many elements it had: cases, or one URL, or one set.
    fn call(&self, operation: Operation) -> impl Future<Output = Result<usize, Failure>> + Send;

    /// Clones of the client that makes [`Operation::ListCases`], in memory of the right size; `None` if the contestant
    /// does not implement this.
    fn clones(&self, count: usize) -> Option<Box<dyn Any + Send>> {
        let _ = count;
        None
    }

    /// Reads the settings, creates the one client that is needed, and calls [`Operation::UploadUrl`] once, as a program
    /// that makes a single call does. An error if the contestant does not implement this.
    fn first_call() -> impl Future<Output = Result<usize, Failure>> + Send {
        async { Err("this contestant has no program of one call".into()) }
    }

    /// Opens a support case; an error if the contestant does not implement this.
    fn open_case(&self, subject: String) -> impl Future<Output = Result<Told, Failure>> + Send {
        let _ = subject;
        async { Err("this contestant opens no cases".into()) }
    }
}

/// What has been allocated since the program began.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allocated {
    /// The number of allocations and reallocations.
    pub allocations: usize,
    /// The number of allocated bytes in all.
    pub bytes: usize,
}

/// A function that returns what was allocated.
pub type Allocations = fn() -> Allocated;

/// The `main` of every contestant. Contestants that count pass `allocations`.
pub fn main<P: Program>(allocations: Option<Allocations>) -> ExitCode {
    match run::<P>(allocations) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

fn run<P: Program>(allocations: Option<Allocations>) -> Result<String, Failure> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match arguments.task {
            Task::Call(operation) => {
                load::run(&P::connect().await?, operation, &arguments, allocations).await
            }
            Task::IdleClones => clones::run(&P::connect().await?, &arguments, allocations).await,
            Task::OpenCases => opening::run(&P::connect().await?, &arguments).await,
            Task::FirstCall => {
                Operation::UploadUrl.check(P::first_call().await?)?;
                Ok(String::new())
            }
        }
    })
}

/// An error with its causes.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

//! The arguments of a contestant: `TASK CALLS CONCURRENCY`. `cargo xtask bench` passes them.

use crate::{Failure, Operation};

/// What to do.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Task {
    Call(Operation),
    IdleClones,
    /// One call of [`Operation::UploadUrl`] with a new client, and nothing else.
    FirstCall,
    OpenCases,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Arguments {
    pub(crate) task: Task,
    /// How many calls are measured, or clones are made. Before calls are measured, a quarter of their number is made
    /// to warm up, and at least as many as are made at the same time.
    pub(crate) calls: usize,
    /// How many calls are made at the same time.
    pub(crate) concurrency: usize,
}

impl Arguments {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        const USAGE: &str = "usage: TASK CALLS CONCURRENCY, with TASK one of describe-cases, list-cases, \
            upload-url, add-attachments, describe-instances, assume-role, list-objects, get-object, put-object, idle-clones, \
            first-call, open-cases";
        let task = match arguments.next().as_deref() {
            Some("describe-cases") => Task::Call(Operation::DescribeCases),
            Some("list-cases") => Task::Call(Operation::ListCases),
            Some("upload-url") => Task::Call(Operation::UploadUrl),
            Some("add-attachments") => Task::Call(Operation::AddAttachments),
            Some("describe-instances") => Task::Call(Operation::DescribeInstances),
            Some("assume-role") => Task::Call(Operation::AssumeRole),
            Some("list-objects") => Task::Call(Operation::ListObjects),
            Some("get-object") => Task::Call(Operation::GetObject),
            Some("put-object") => Task::Call(Operation::PutObject),
            Some("idle-clones") => Task::IdleClones,
            Some("first-call") => Task::FirstCall,
            Some("open-cases") => Task::OpenCases,
            _ => return Err(USAGE.into()),
        };
        let mut number = || -> Result<usize, Failure> {
            let text = arguments.next().ok_or(USAGE)?;
            let number = text.parse::<usize>().ok().filter(|number| *number > 0);
            number.ok_or_else(|| format!("`{text}` is no number of at least 1; {USAGE}").into())
        };
        Ok(Self {
            task,
            calls: number()?,
            concurrency: number()?,
        })
    }
}

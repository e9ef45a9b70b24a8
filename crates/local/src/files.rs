//! Handles requests to presigned URLs: uploads and downloads of files, in the form of S3.

use attache_runtime::Bytes;
use http::{HeaderValue, Method, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::api::{security_ir, support};
use crate::body::ReplyBody;
use crate::fault::{Effects, When};
use crate::file_headers::{
    Problem, creates_only, disposition, problem, range, verify_digest, verify_length,
};
use crate::file_operations::{
    GET_ATTACHMENT, GET_CASE_ATTACHMENT, PUT_CASE_ATTACHMENT, PUT_UPLOAD_PART,
};
use crate::front::{Dropped, Front, Reply};
use crate::store::Blob;
use crate::wire::Request;

/// What a presigned URL is for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum File {
    UploadPart(String, u32),
    Attachment(String),
    CaseUpload(String, String),
    CaseAttachment(String, String),
}

impl File {
    fn of(request: &Request) -> Option<Self> {
        let segments = request.segments();
        let own = |text: &str| text.to_owned();
        Some(match (&request.method, segments.get(1..)?) {
            (&Method::PUT, ["support", "upload", id, part]) => {
                Self::UploadPart(own(id), part.parse().ok()?)
            }
            (&Method::GET | &Method::HEAD, ["support", "download", id]) => {
                Self::Attachment(own(id))
            }
            (&Method::PUT, ["security-ir", "upload", case, id]) => {
                Self::CaseUpload(own(case), own(id))
            }
            (&Method::GET | &Method::HEAD, ["security-ir", "download", case, id]) => {
                Self::CaseAttachment(own(case), own(id))
            }
            _ => return None,
        })
    }

    /// The service, and the name of the purpose among operations.
    fn names(&self) -> (&'static str, &'static str) {
        let support = support::SERVICE.signing_name;
        let security_ir = security_ir::SERVICE.signing_name;
        match self {
            Self::UploadPart(..) => (support, PUT_UPLOAD_PART),
            Self::Attachment(..) => (support, GET_ATTACHMENT),
            Self::CaseUpload(..) => (security_ir, PUT_CASE_ATTACHMENT),
            Self::CaseAttachment(..) => (security_ir, GET_CASE_ATTACHMENT),
        }
    }
}

/// A request that continues, or the end of its connection.
enum Broken {
    Dropped,
    Problem(Problem),
}

impl From<Dropped> for Broken {
    fn from(_: Dropped) -> Self {
        Self::Dropped
    }
}

impl From<Problem> for Broken {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// A response that replaces that of the store of files.
fn instead(effects: &Effects) -> Option<Reply> {
    let (problem, pause) = if let Some(pause) = effects.throttle() {
        let problem = Problem(
            503,
            "SlowDown".into(),
            "Reduce your request rate.".to_owned(),
        );
        let pause = pause.map(|pause| ("x-amz-retry-after", pause.as_millis().to_string()));
        (problem, pause.into_iter().collect())
    } else if let Some(asked) = effects.refused() {
        let (status, code) = (asked.status.unwrap_or(400), asked.code.to_owned());
        let problem = Problem(status, code.into(), asked.message.to_owned());
        (problem, asked.pause())
    } else if effects.is_unknown_error() {
        let text = "An unknown error occurred.".to_owned();
        (Problem(400, "BadDay".into(), text), Vec::new())
    } else {
        let status = effects.error(When::Before)?;
        let text = "The service failed on purpose.".to_owned();
        (Problem(status, "InternalError".into(), text), Vec::new())
    };
    let mut reply = problem.reply();
    for (name, value) in pause {
        if let Ok(value) = HeaderValue::from_str(&value) {
            reply.headers_mut().insert(name, value);
        }
    }
    Some(reply)
}

impl Front {
    /// Handles a request at a presigned URL.
    pub(crate) async fn answer_file(
        &self,
        message: Request,
        body: Incoming,
        era: u64,
    ) -> Result<Reply, Dropped> {
        let Some(file) = File::of(&message) else {
            let reply =
                Problem(404, "NoSuchKey".into(), "There is no such file.".to_owned()).reply();
            return Ok(self.finish(reply, &Effects::default()));
        };
        let (service, operation) = file.names();
        let signature = self
            .environment
            .signer
            .verify(&message, self.environment.now());
        let effects = match self.effects(operation, &[], &message, signature.is_ok(), era)? {
            Ok(effects) => effects,
            Err(error) => {
                let reply = Problem(400, "InvalidFault".into(), error.to_string()).reply();
                return Ok(self.finish(reply, &Effects::default()));
            }
        };
        let reply = match self.transfer(&file, &message, body, &effects, era).await {
            Ok(reply) => Ok(reply),
            Err(Broken::Problem(problem)) => Ok(problem.reply()),
            Err(Broken::Dropped) => Err(Dropped),
        };
        let reply = reply.map(|reply| self.finish(reply, &effects));
        let record = self.record(service, operation, &message, &reply);
        self.list(record, era);
        reply
    }

    async fn transfer(
        &self,
        file: &File,
        message: &Request,
        body: Incoming,
        effects: &Effects,
        era: u64,
    ) -> Result<Reply, Broken> {
        if let Some(time) = effects.delay() {
            self.timer.sleep(time).await;
        }
        if effects.drops(When::Before) {
            return Err(Broken::Dropped);
        }
        if let Some(reply) = instead(effects) {
            return Ok(reply);
        }
        let now = self.environment.now();
        if let Err(rejection) = self.environment.signer.verify(message, now) {
            problem(403, rejection.code, rejection.message)?;
        }
        let reply = match file {
            File::UploadPart(..) | File::CaseUpload(..) => {
                self.receive(file, message, body, era).await?
            }
            File::Attachment(id) => {
                let found = self.world_of(era)?.tenants.attachment(id);
                self.send(found, message)?
            }
            File::CaseAttachment(case, id) => {
                let found = self.world_of(era)?.tenants.case_attachment(case, id);
                self.send(found, message)?
            }
        };
        if effects.drops(When::After) {
            return Err(Broken::Dropped);
        }
        if let Some(status) = effects.error(When::After) {
            problem(status, "InternalError", "The service failed on purpose.")?;
        }
        Ok(reply)
    }

    /// Receives a file, or a part of one.
    async fn receive(
        &self,
        file: &File,
        message: &Request,
        body: Incoming,
        era: u64,
    ) -> Result<Reply, Broken> {
        let expected = {
            let world = self.world_of(era)?;
            match file {
                File::UploadPart(id, part) => world.tenants.expect_part(id, *part),
                File::CaseUpload(case, id) => world.tenants.expect_file(case, id),
                File::Attachment(_) | File::CaseAttachment(..) => None,
            }
        };
        let Some(length) = expected else {
            return problem(
                404,
                "NoSuchUpload",
                "Nobody waits for this upload any more.",
            )?;
        };
        verify_length(message, length)?;
        let blob = self.write(length, body).await?;
        if let Err(problem) = verify_digest(message, &blob) {
            self.environment.blobs.remove(&blob.id);
            return Err(problem.into());
        }
        let etag = blob.etag();
        self.keep(file, blob, creates_only(message)?, era)?;
        let mut reply = Response::new(ReplyBody::bytes(Bytes::new()));
        if let Ok(value) = HeaderValue::from_str(&etag) {
            reply.headers_mut().insert(http::header::ETAG, value);
        }
        Ok(reply)
    }

    /// Writes a body while it arrives. An interrupted body leaves nothing behind.
    async fn write(&self, length: u64, mut body: Incoming) -> Result<Blob, Broken> {
        let failed =
            |error: std::io::Error| Problem(500, "InternalError".into(), error.to_string());
        let blobs = &self.environment.blobs;
        let mut writer = blobs.writer(length).map_err(failed)?;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Broken::Dropped)?;
            if let Some(data) = frame.data_ref() {
                writer.write(data).map_err(failed)?;
            }
        }
        if writer.size() != length {
            problem(400, "IncompleteBody", "The body is shorter than announced.")?;
        }
        Ok(writer.finish().map_err(failed)?)
    }

    /// Passes a file to its service, and stores the change. With `create_only`, an existing file is kept.
    fn keep(&self, file: &File, blob: Blob, create_only: bool, era: u64) -> Result<(), Broken> {
        let mut world = match self.world_of(era) {
            Ok(world) => world,
            Err(dropped) => {
                self.environment.blobs.remove(&blob.id);
                return Err(dropped.into());
            }
        };
        world.prepare();
        if let File::CaseUpload(case, id) = file
            && create_only
            && world.tenants.case_attachment(case, id).is_some()
        {
            self.environment.blobs.remove(&blob.id);
            return Ok(problem(
                412,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold",
            )?);
        }
        let taken = match file {
            File::UploadPart(id, part) => world.tenants.put_part(id, *part, blob),
            File::CaseUpload(case, id) => world.tenants.put_file(case, id, blob),
            File::Attachment(_) | File::CaseAttachment(..) => Err(blob),
        };
        match taken {
            Ok(replaced) => {
                if let Err(text) = world.commit() {
                    return Ok(problem(500, "InternalError", text)?);
                }
                if let Some(replaced) = replaced {
                    self.environment.blobs.remove(&replaced.id);
                }
                Ok(())
            }
            Err(blob) => {
                self.environment.blobs.remove(&blob.id);
                Ok(problem(
                    404,
                    "NoSuchUpload",
                    "Nobody waits for this upload any more.",
                )?)
            }
        }
    }

    /// Sends a file, or a range of it.
    fn send(
        &self,
        found: Option<(String, Vec<Blob>)>,
        message: &Request,
    ) -> Result<Reply, Problem> {
        let Some((file_name, content)) = found else {
            return problem(404, "NoSuchKey", "There is no such file.");
        };
        let verified = self.environment.blobs.verify(&content);
        verified.map_err(|error| Problem(500, "InternalError".into(), error.to_string()))?;
        let size: u64 = content.iter().map(|blob| blob.size).sum();
        let etag = match content.as_slice() {
            [blob] => blob.etag(),
            [] => String::new(),
            [first, ..] => format!("\"{}-{}\"", first.md5, content.len()),
        };
        // S3 API reference, "GetObject", `If-Match`.
        let wanted = message.header("if-match");
        if wanted.is_some_and(|wanted| wanted != "*" && wanted != etag) {
            return problem(
                412,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold",
            );
        }
        let range = match message.header("range") {
            Some(text) => match range(&text, size) {
                Some(range) => Some(range),
                None => return problem(416, "InvalidRange", "The range is not within the file."),
            },
            None => None,
        };
        let (from, length) = range.unwrap_or((0, size));
        let blobs = self.environment.blobs.clone();
        let is_head = message.method == Method::HEAD;
        let mut reply = Response::new(match is_head {
            true => ReplyBody::bytes(Bytes::new()),
            false => ReplyBody::blobs(blobs, content, from, length),
        });
        let mut headers = vec![
            ("accept-ranges", "bytes".to_owned()),
            ("content-disposition", disposition(&file_name)),
            ("content-length", length.to_string()),
            ("content-type", "application/octet-stream".to_owned()),
            ("etag", etag),
        ];
        if range.is_some() {
            *reply.status_mut() = StatusCode::PARTIAL_CONTENT;
            let last = from + length - 1;
            headers.push(("content-range", format!("bytes {from}-{last}/{size}")));
        }
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                reply.headers_mut().insert(name, value);
            }
        }
        Ok(reply)
    }
}

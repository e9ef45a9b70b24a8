//! The contestants, and the parts of the benchmark in which each takes part.

/// A contestant, which is a package of `benches/` in one of its forms, or a script.
#[derive(Debug)]
pub(super) struct Contestant {
    pub(super) name: &'static str,
    /// Its description in the tables.
    pub(super) description: &'static str,
    pub(super) program: Program,
    /// Whether it takes part in builds: some differ from another one at run time only.
    pub(super) builds: bool,
    /// The only task that it runs, if it does not run all.
    pub(super) only_task: Option<&'static str>,
    pub(super) environment: &'static [(&'static str, &'static str)],
    /// The crates that only this contestant has: those of its clients.
    pub(super) own_crates: &'static [&'static str],
}

/// How a contestant is started.
#[derive(Debug)]
pub(super) enum Program {
    /// A package of `benches/`, with a program of the same name and one that counts allocations.
    Package {
        package: &'static str,
        features: &'static str,
        /// The folder that it is built in; contestants that are the same program share it.
        folder: &'static str,
    },
    /// A package of the scratch workspace in which [`super::generated`] makes clients.
    Generated(&'static str),
    /// A Python script, in the environment of `cargo xtask outside`.
    Script(&'static str),
}

pub(super) const ATTACHE: &str = "attache";
pub(super) const OFFICIAL: &str = "official";
pub(super) const LEAN: &str = "lean";
pub(super) const ONE_PASS: &str = "one-pass";

/// Those that call EC2 and STS.
pub(super) const QUERY_CONTESTANTS: [Contestant; 3] = [
    Contestant {
        name: ATTACHE,
        description: "generated clients of EC2 and STS, default features and settings",
        program: Program::Generated("bench-query-attache"),
        builds: false,
        only_task: None,
        environment: &[],
        own_crates: &[],
    },
    Contestant {
        name: OFFICIAL,
        description: "aws-config, aws-sdk-ec2 and aws-sdk-sts, default features and settings",
        program: Program::Package {
            package: "bench-query-official",
            features: "calls",
            folder: "query-official",
        },
        builds: false,
        only_task: None,
        environment: &[],
        own_crates: &[],
    },
    Contestant {
        name: LEAN,
        description: "by hand: reqwest with rustls and ring, HTTP/1.1 only, quick-xml, serde, hmac and sha2",
        program: Program::Package {
            package: "bench-query-floor",
            features: "",
            folder: "query-lean",
        },
        builds: false,
        only_task: None,
        environment: &[],
        own_crates: &[],
    },
];

/// Those that call S3.
pub(super) const S3_CONTESTANTS: [Contestant; 3] = [
    Contestant {
        name: ATTACHE,
        description: "a generated client of S3, default features and settings",
        program: Program::Generated("bench-s3-attache"),
        builds: false,
        only_task: None,
        environment: &[],
        own_crates: &[],
    },
    Contestant {
        name: OFFICIAL,
        description: "aws-config and aws-sdk-s3, default features and settings",
        program: Program::Package {
            package: "bench-s3-official",
            features: "calls",
            folder: "s3-official",
        },
        builds: false,
        only_task: None,
        environment: &[],
        own_crates: &[],
    },
    Contestant {
        name: LEAN,
        description: "by hand: reqwest with rustls and ring, HTTP/1.1 only, quick-xml, serde, hmac and sha2",
        program: Program::Package {
            package: "bench-s3-floor",
            features: "",
            folder: "s3-lean",
        },
        builds: false,
        only_task: None,
        environment: &[],
        own_crates: &[],
    },
];

/// All of them, in the order of the tables.
pub(super) const CONTESTANTS: [Contestant; 7] = [
    Contestant {
        name: ATTACHE,
        description: "both clients of this repository, default features and settings",
        program: Program::Package {
            package: "bench-attache",
            features: "",
            folder: ATTACHE,
        },
        builds: true,
        only_task: None,
        environment: &[],
        own_crates: &["attache_runtime", "attache_support", "attache_security_ir"],
    },
    Contestant {
        name: OFFICIAL,
        description: "aws-config, aws-sdk-support and aws-sdk-securityir, default features and settings",
        program: Program::Package {
            package: "bench-official",
            features: "",
            folder: OFFICIAL,
        },
        builds: true,
        only_task: None,
        environment: &[],
        own_crates: &["aws_sdk_support", "aws_sdk_securityir", "aws_config"],
    },
    Contestant {
        name: "plain",
        description: "by hand: reqwest with its default features, serde, hmac and sha2",
        program: Program::Package {
            package: "bench-floor",
            features: "plain",
            folder: "plain",
        },
        builds: true,
        only_task: None,
        environment: &[],
        own_crates: &[],
    },
    Contestant {
        name: LEAN,
        description: "the same with rustls and ring, and HTTP/1.1 only",
        program: Program::Package {
            package: "bench-floor",
            features: "lean",
            folder: LEAN,
        },
        builds: true,
        only_task: None,
        environment: &[],
        own_crates: &[],
    },
    Contestant {
        name: ONE_PASS,
        description: "lean, with attachments encoded by SIMD straight into a body of the right size",
        program: Program::Package {
            package: "bench-floor",
            features: "lean",
            folder: LEAN,
        },
        builds: false,
        only_task: Some("add-attachments"),
        environment: &[("BENCH_ONE_PASS", "1")],
        own_crates: &[],
    },
    Contestant {
        name: "attache-disk",
        description: "attache, with attachments that are read from the disk while they are sent",
        program: Program::Package {
            package: "bench-attache",
            features: "disk",
            folder: "attache-disk",
        },
        builds: false,
        only_task: Some("add-attachments"),
        environment: &[],
        own_crates: &[],
    },
    Contestant {
        name: "boto3",
        description: "boto3 in Python, with threads; its allocations are not counted",
        program: Program::Script("boto3/main.py"),
        builds: false,
        only_task: None,
        environment: &[],
        own_crates: &[],
    },
];

/// The contestants with their descriptions, as a list.
pub(super) fn list(contestants: &[Contestant]) -> String {
    contestants
        .iter()
        .map(|contestant| format!("* **{}**: {}\n", contestant.name, contestant.description))
        .collect()
}

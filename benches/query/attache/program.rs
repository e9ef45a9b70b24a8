//! The program with attache, with its default features and default settings. `cargo xtask bench` generates the clients
//! below `target/` and builds this program beside them.

use attache_ec2_slice::{Client as Ec2, Config};
use attache_sts::Client as Sts;
use bench_measure::{Failure, INSTANCES, Operation, ROLE_ARN, SESSION_NAME};

/// Clients of both services.
#[derive(Clone)]
pub(crate) struct Program {
    ec2: Ec2,
    sts: Sts,
}

impl bench_measure::Program for Program {
    async fn connect() -> Result<Self, Failure> {
        let settings = Config::from_env().await?;
        Ok(Self {
            ec2: Ec2::new(&settings),
            sts: Sts::new(&settings),
        })
    }

    async fn call(&self, operation: Operation) -> Result<usize, Failure> {
        match operation {
            Operation::DescribeInstances => {
                let request = self.ec2.describe_instances();
                let page = request.max_results(i32::try_from(INSTANCES)?).send().await?;
                let reservations = page.reservations.iter().flatten();
                Ok(reservations
                    .map(|reservation| reservation.instances.iter().flatten().count())
                    .sum())
            }
            Operation::AssumeRole => {
                let request = self.sts.assume_role().role_arn(ROLE_ARN);
                let role = request.role_session_name(SESSION_NAME).send().await?;
                let token = role.credentials.map(|keys| keys.session_token);
                Ok(usize::from(token.is_some_and(|token| !token.is_empty())))
            }
            _ => Err("this contestant calls EC2 and STS only".into()),
        }
    }
}

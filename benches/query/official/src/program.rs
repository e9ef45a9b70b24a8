//! The program with the official SDK. It reads its settings from the environment, as the guide of the SDK shows.

use aws_config::BehaviorVersion;
use bench_measure::{Failure, INSTANCES, Operation, ROLE_ARN, SESSION_NAME};

/// Clients of both services.
#[derive(Clone)]
pub(crate) struct Program {
    ec2: aws_sdk_ec2::Client,
    sts: aws_sdk_sts::Client,
}

impl bench_measure::Program for Program {
    async fn connect() -> Result<Self, Failure> {
        let settings = aws_config::load_defaults(BehaviorVersion::latest()).await;
        Ok(Self {
            ec2: aws_sdk_ec2::Client::new(&settings),
            sts: aws_sdk_sts::Client::new(&settings),
        })
    }

    async fn call(&self, operation: Operation) -> Result<usize, Failure> {
        match operation {
            Operation::DescribeInstances => {
                let request = self.ec2.describe_instances();
                let page = request
                    .max_results(i32::try_from(INSTANCES)?)
                    .send()
                    .await?;
                let reservations = page.reservations().iter();
                Ok(reservations
                    .map(|reservation| reservation.instances().len())
                    .sum())
            }
            Operation::AssumeRole => {
                let request = self.sts.assume_role().role_arn(ROLE_ARN);
                let role = request.role_session_name(SESSION_NAME).send().await?;
                let token = role.credentials().map(|keys| keys.session_token());
                Ok(usize::from(token.is_some_and(|token| !token.is_empty())))
            }
            _ => Err("this contestant calls EC2 and STS only".into()),
        }
    }
}

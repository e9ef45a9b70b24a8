//! The fixed responses of EC2 and STS, in XML.

use std::fmt::Write as _;

use bench_measure::{INSTANCES, ROLE_ARN, SESSION_NAME};

/// Reservations of one instance each, of about 4.5 KB, as `RunInstances` makes them.
pub(crate) fn instances() -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DescribeInstancesResponse \
         xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n    \
         <requestId>6a4c9f5e-58f6-4d23-8f0a-2b8e4f9d6c01</requestId>\n    <reservationSet>\n",
    );
    for number in 0..INSTANCES {
        let (low, high) = (number % 250, number / 250);
        let mut instance = INSTANCE.replace("{hex}", &format!("{number:017x}"));
        instance = instance.replace("{low}", &low.to_string());
        instance = instance.replace("{high}", &high.to_string());
        text.push_str(&instance);
    }
    text.push_str(
        "    </reservationSet>\n    <nextToken>bmV4dA==</nextToken>\n</DescribeInstancesResponse>\n",
    );
    text
}

/// The credentials of a role.
pub(crate) fn role() -> String {
    let mut text = String::new();
    let session = "assumed-role/incident-responder";
    let _ = write!(
        text,
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <AssumeRoleResult>\n    \
         <AssumedRoleUser>\n      <AssumedRoleId>AROAEXAMPLEEXAMPLE123:{SESSION_NAME}</AssumedRoleId>\n      \
         <Arn>arn:aws:sts::123456789012:{session}/{SESSION_NAME}</Arn>\n    </AssumedRoleUser>\n    \
         <Credentials>\n      <AccessKeyId>ASIAEXAMPLEEXAMPLE12</AccessKeyId>\n      \
         <SecretAccessKey>wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY</SecretAccessKey>\n      \
         <SessionToken>{}</SessionToken>\n      <Expiration>2099-01-01T00:00:00Z</Expiration>\n    \
         </Credentials>\n    <SourceIdentity>{role}</SourceIdentity>\n    \
         <PackedPolicySize>6</PackedPolicySize>\n  </AssumeRoleResult>\n  \
         <ResponseMetadata>\n    <RequestId>6a4c9f5e-58f6-4d23-8f0a-2b8e4f9d6c01</RequestId>\n  \
         </ResponseMetadata>\n</AssumeRoleResponse>\n",
        "IQoJb3JpZ2luX2VjEXAMPLE".repeat(30),
        role = ROLE_ARN.rsplit('/').next().unwrap_or(ROLE_ARN),
    );
    text
}

const INSTANCE: &str = include_str!("instance.xml");

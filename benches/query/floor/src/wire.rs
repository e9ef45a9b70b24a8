//! The responses of the two calls: the members that the server sends.
#![expect(
    dead_code,
    reason = "an application reads these fields; this program only counts elements"
)]

use serde::Deserialize;

/// A list, whose elements are called `item`.
#[derive(Deserialize)]
pub(crate) struct Items<T> {
    #[serde(default = "Vec::new")]
    pub(crate) item: Vec<T>,
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self { item: Vec::new() }
    }
}

/// Structures whose members may all be absent, with the case of their names.
macro_rules! structures {
    ($($name:ident as $case:literal { $($field:ident: $ty:ty,)* })*) => {
        $(
            #[derive(Default, Deserialize)]
            #[serde(default, rename_all = $case)]
            pub(crate) struct $name {
                $(pub(crate) $field: $ty,)*
            }
        )*
    };
}

/// The response of EC2 `DescribeInstances`.
#[derive(Deserialize)]
pub(crate) struct DescribeInstancesResponse {
    #[serde(rename = "reservationSet")]
    pub(crate) reservations: Items<Reservation>,
    #[serde(rename = "nextToken")]
    pub(crate) next_token: Option<String>,
}

/// A reservation with its instances.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reservation {
    pub(crate) reservation_id: Option<String>,
    pub(crate) owner_id: Option<String>,
    pub(crate) requester_id: Option<String>,
    #[serde(default)]
    pub(crate) group_set: Items<Group>,
    #[serde(rename = "instancesSet")]
    pub(crate) instances: Items<Instance>,
}

/// The response of STS `AssumeRole`.
#[derive(Deserialize)]
pub(crate) struct AssumeRoleResponse {
    #[serde(rename = "AssumeRoleResult")]
    pub(crate) result: AssumeRoleResult,
}

structures! {
    Instance as "camelCase" {
        instance_id: Option<String>,
        image_id: Option<String>,
        instance_state: State,
        private_dns_name: Option<String>,
        dns_name: Option<String>,
        reason: Option<String>,
        key_name: Option<String>,
        ami_launch_index: Option<i32>,
        instance_type: Option<String>,
        launch_time: Option<String>,
        placement: Placement,
        monitoring: Monitoring,
        subnet_id: Option<String>,
        vpc_id: Option<String>,
        private_ip_address: Option<String>,
        ip_address: Option<String>,
        source_dest_check: Option<bool>,
        group_set: Items<Group>,
        architecture: Option<String>,
        root_device_type: Option<String>,
        root_device_name: Option<String>,
        block_device_mapping: Items<BlockDevice>,
        virtualization_type: Option<String>,
        client_token: Option<String>,
        tag_set: Items<Tag>,
        hypervisor: Option<String>,
        network_interface_set: Items<NetworkInterface>,
        iam_instance_profile: Profile,
        ebs_optimized: Option<bool>,
        ena_support: Option<bool>,
        cpu_options: CpuOptions,
        capacity_reservation_specification: CapacityReservation,
        hibernation_options: Hibernation,
        metadata_options: MetadataOptions,
        enclave_options: Enclave,
        platform_details: Option<String>,
        usage_operation: Option<String>,
        usage_operation_update_time: Option<String>,
        current_instance_boot_mode: Option<String>,
    }
    State as "camelCase" {
        code: Option<i32>,
        name: Option<String>,
    }
    Placement as "camelCase" {
        availability_zone: Option<String>,
        group_name: Option<String>,
        tenancy: Option<String>,
    }
    Monitoring as "camelCase" {
        state: Option<String>,
    }
    Group as "camelCase" {
        group_id: Option<String>,
        group_name: Option<String>,
    }
    BlockDevice as "camelCase" {
        device_name: Option<String>,
        ebs: Ebs,
    }
    Ebs as "camelCase" {
        volume_id: Option<String>,
        status: Option<String>,
        attach_time: Option<String>,
        delete_on_termination: Option<bool>,
    }
    Tag as "camelCase" {
        key: Option<String>,
        value: Option<String>,
    }
    NetworkInterface as "camelCase" {
        network_interface_id: Option<String>,
        subnet_id: Option<String>,
        vpc_id: Option<String>,
        description: Option<String>,
        owner_id: Option<String>,
        status: Option<String>,
        mac_address: Option<String>,
        private_ip_address: Option<String>,
        private_dns_name: Option<String>,
        source_dest_check: Option<bool>,
        group_set: Items<Group>,
        attachment: Attachment,
        association: Association,
        private_ip_addresses_set: Items<PrivateAddress>,
        interface_type: Option<String>,
    }
    Attachment as "camelCase" {
        attachment_id: Option<String>,
        device_index: Option<i32>,
        status: Option<String>,
        attach_time: Option<String>,
        delete_on_termination: Option<bool>,
        network_card_index: Option<i32>,
    }
    Association as "camelCase" {
        public_ip: Option<String>,
        public_dns_name: Option<String>,
        ip_owner_id: Option<String>,
    }
    PrivateAddress as "camelCase" {
        private_ip_address: Option<String>,
        private_dns_name: Option<String>,
        primary: Option<bool>,
        association: Association,
    }
    Profile as "camelCase" {
        arn: Option<String>,
        id: Option<String>,
    }
    CpuOptions as "camelCase" {
        core_count: Option<i32>,
        threads_per_core: Option<i32>,
    }
    CapacityReservation as "camelCase" {
        capacity_reservation_preference: Option<String>,
    }
    Hibernation as "camelCase" {
        configured: Option<bool>,
    }
    Enclave as "camelCase" {
        enabled: Option<bool>,
    }
    MetadataOptions as "camelCase" {
        state: Option<String>,
        http_tokens: Option<String>,
        http_put_response_hop_limit: Option<i32>,
        http_endpoint: Option<String>,
        instance_metadata_tags: Option<String>,
    }
    AssumeRoleResult as "PascalCase" {
        credentials: Credentials,
        assumed_role_user: AssumedRoleUser,
        packed_policy_size: Option<i32>,
        source_identity: Option<String>,
    }
    Credentials as "PascalCase" {
        access_key_id: String,
        secret_access_key: String,
        session_token: String,
        expiration: String,
    }
    AssumedRoleUser as "PascalCase" {
        assumed_role_id: Option<String>,
        arn: Option<String>,
    }
}

//! Several accounts and regions on one server: each has its own data, also in a data folder.

use attache_local::Local;
use attache_runtime::Config;
use attache_security_ir as security_ir;
use attache_support as support;

use crate::stage::{security_ir_request, send};

const OTHER_KEY: &str = "AKIDOTHER";
const OTHER_ACCOUNT: &str = "210987654321";

async fn server(set: impl FnOnce(attache_local::Builder) -> attache_local::Builder) -> Local {
    let builder = Local::builder().account(OTHER_KEY, OTHER_ACCOUNT);
    set(builder).start().await.expect("the server starts")
}

fn other(local: &Local) -> Config {
    let config = local.config_for(OTHER_KEY).build();
    config.expect("the configuration is whole")
}

fn own(local: &Local, region: &str) -> Config {
    let config = local.config().region(region).build();
    config.expect("the configuration is whole")
}

async fn open(config: &Config) -> String {
    let client = support::Client::new(config);
    let call = client.create_case().subject("s").communication_body("b");
    let case = call.send().await.expect("the case is opened");
    case.case_id.expect("it has an id")
}

async fn cases(config: &Config) -> usize {
    let client = support::Client::new(config);
    let listed = client.describe_cases().send().await;
    let listed = listed.expect("they are listed").cases;
    listed.map_or(0, |cases| cases.len())
}

async fn incidents(config: &Config) -> Vec<String> {
    let client = security_ir::Client::new(config);
    let listed = client.list_cases().send().await;
    let items = listed.expect("they are listed").items.unwrap_or_default();
    items
        .into_iter()
        .map(|item| item.case_arn.unwrap_or_default())
        .collect()
}

#[tokio::test]
async fn accounts_share_nothing() {
    let local = server(|builder| builder).await;
    let (one, two) = (own(&local, "us-east-1"), other(&local));
    let (first, second) = (open(&one).await, open(&two).await);
    assert!(first.starts_with("case-123456789012-"), "{first}");
    assert!(second.starts_with("case-210987654321-"), "{second}");
    assert_eq!((cases(&one).await, cases(&two).await), (1, 1));
    let client = support::Client::new(&two);
    let stolen = client.resolve_case().case_id(&first).send().await;
    let error = stolen.expect_err("it is the case of another account");
    assert_eq!(error.code(), Some("CaseIdNotFound"));
    // Uploads have links without an account, so their ids must differ.
    let mut ids = Vec::new();
    for config in [&one, &two] {
        let client = support::Client::new(config);
        let call = client.get_attachment_upload_links();
        let links = call.file_name("a").file_size_bytes(1).send().await;
        let links = links.expect("there are links");
        let url = &links.upload_urls[0].url;
        let answer = send("PUT", url, &[], b"a".to_vec()).await;
        assert_eq!(answer.expect("it is answered").status(), 200);
        let status = client.describe_attachment_upload_status();
        let status = status.upload_id(&links.upload_id).send().await;
        status.expect("it is the upload of the account");
        ids.push(links.upload_id);
    }
    assert_ne!(ids[0], ids[1]);
    let status = client.describe_attachment_upload_status();
    let stolen = status.upload_id(&ids[0]).send().await;
    stolen.expect_err("it is the upload of another account");
    let accounts: Vec<String> = local
        .requests()
        .into_iter()
        .filter(|record| record.operation == "CreateCase")
        .map(|record| record.account_id)
        .collect();
    assert_eq!(accounts, ["123456789012", OTHER_ACCOUNT]);
}

#[tokio::test]
async fn security_ir_is_regional_and_support_is_global() {
    let local = server(|builder| builder).await;
    let (here, there) = (own(&local, "us-east-1"), own(&local, "eu-west-1"));
    open(&here).await;
    assert_eq!((cases(&here).await, cases(&there).await), (1, 1));
    for config in [&here, &there] {
        let client = security_ir::Client::new(config);
        let made = client.send(security_ir_request()).await;
        made.expect("the account has a membership in each region");
    }
    let (mine, theirs) = (incidents(&here).await, incidents(&there).await);
    assert_eq!((mine.len(), theirs.len()), (1, 1));
    assert!(mine[0].starts_with("arn:aws:security-ir:us-east-1:123456789012:case/"));
    assert!(theirs[0].starts_with("arn:aws:security-ir:eu-west-1:123456789012:case/"));
    let number = |arn: &str| arn.rsplit('/').next().map(str::to_owned);
    assert_ne!(number(&mine[0]), number(&theirs[0]));
    let client = security_ir::Client::new(&here);
    let id = number(&theirs[0]).expect("it has a number");
    let error = client.get_case().case_id(id).send().await;
    assert_eq!(
        error.expect_err("it is elsewhere").code(),
        Some("ResourceNotFoundException")
    );
    let regions: Vec<String> = local
        .requests()
        .into_iter()
        .filter(|record| record.service == "security-ir" && record.operation == "CreateCase")
        .map(|record| record.region)
        .collect();
    assert_eq!(regions, ["us-east-1", "eu-west-1"]);
}

#[tokio::test]
async fn a_data_folder_keeps_the_accounts_apart() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let first = server(|builder| builder.data(folder.path())).await;
    open(&other(&first)).await;
    open(&own(&first, "us-east-1")).await;
    open(&own(&first, "us-east-1")).await;
    let client = security_ir::Client::new(&own(&first, "eu-west-1"));
    client
        .send(security_ir_request())
        .await
        .expect("it is opened");
    first.stop().await;
    let second = server(|builder| builder.data(folder.path())).await;
    assert_eq!(cases(&other(&second)).await, 1);
    assert_eq!(cases(&own(&second, "us-east-1")).await, 2);
    assert_eq!(incidents(&own(&second, "us-east-1")).await.len(), 0);
    assert_eq!(incidents(&own(&second, "eu-west-1")).await.len(), 1);
    second.stop().await;
    // The data belongs to its account, whatever the account of the server is.
    let third = Local::builder()
        .account_id(OTHER_ACCOUNT)
        .data(folder.path());
    let third = third.start().await.expect("the server starts");
    assert_eq!(cases(&own(&third, "us-east-1")).await, 1);
}

/// Writes the database as version 0.1 did: without accounts and regions in the keys.
fn downgrade(folder: &std::path::Path) {
    let table = redb::TableDefinition::<&str, &[u8]>::new("records");
    let database = redb::Database::open(folder.join("state.redb")).expect("it opens");
    let write = database.begin_write().expect("it can be written");
    {
        let mut table = write.open_table(table).expect("it is there");
        let mut records = Vec::new();
        for entry in redb::ReadableTable::iter(&table).expect("it can be read") {
            let (key, value) = entry.expect("it can be read");
            records.push((key.value().to_owned(), value.value().to_vec()));
        }
        for (key, value) in records {
            if let Some(short) = key.splitn(3, '/').nth(2) {
                table.remove(key.as_str()).expect("it is removed");
                table
                    .insert(short, value.as_slice())
                    .expect("it is written");
            }
        }
        table
            .insert("form", b"2".as_slice())
            .expect("it is written");
    }
    write.commit().expect("it is written");
}

#[tokio::test]
async fn a_folder_of_the_first_version_becomes_that_of_the_account_of_the_server() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let first = Local::builder().data(folder.path()).start().await;
    let first = first.expect("the server starts");
    let config = own(&first, "us-east-1");
    let case_id = open(&config).await;
    let client = security_ir::Client::new(&config);
    client
        .send(security_ir_request())
        .await
        .expect("it is opened");
    first.stop().await;
    downgrade(folder.path());
    for _ in 0..2 {
        let next = server(|builder| builder.data(folder.path())).await;
        let config = own(&next, "us-east-1");
        let client = support::Client::new(&config);
        let found = client
            .describe_cases()
            .case_id_list([&case_id])
            .send()
            .await;
        let found = found.expect("it is there").cases.expect("it is listed");
        assert_eq!(found.len(), 1);
        assert_eq!(incidents(&config).await.len(), 1);
        let memberships = security_ir::Client::new(&config).list_memberships();
        let memberships = memberships.send().await.expect("they are listed").items;
        assert_eq!(memberships.map(|items| items.len()), Some(1));
        assert_eq!(cases(&other(&next)).await, 0);
        next.stop().await;
    }
}

#[tokio::test]
async fn what_is_no_account_is_refused_at_the_start() {
    let problem = |builder: attache_local::Builder| {
        let error = builder.start_blocking().expect_err("it is refused");
        error.to_string()
    };
    let builder = Local::builder;
    assert!(problem(builder().account("AKID", "12")).contains("12 digits, not `12`"));
    assert!(problem(builder().account_id("x")).contains("12 digits, not `x`"));
    assert!(problem(builder().region("us east")).contains("`us east` is no region"));
    let twice = builder()
        .account("AKID", OTHER_ACCOUNT)
        .account("AKID", "111111111111");
    assert!(problem(twice).contains("AKID is of the account 210987654321"));
    // An unknown key is refused as ever.
    let local = server(|builder| builder).await;
    let config = local.config_for("AKIDUNKNOWN").build();
    let client = support::Client::new(&config.expect("the configuration is whole"));
    let error = client
        .describe_cases()
        .send()
        .await
        .expect_err("it is refused");
    assert_eq!(error.code(), Some("UnrecognizedClientException"));
}

#[tokio::test]
async fn the_number_of_regions_is_limited() {
    let local = server(|builder| builder).await;
    let mut refused = 0;
    for number in 0..105 {
        let config = own(&local, &format!("us-test-{number}"));
        let listed = security_ir::Client::new(&config).list_cases().send().await;
        if let Err(error) = listed {
            assert_eq!(error.code(), Some("TooManyRegions"));
            refused += 1;
        }
    }
    // Two are those of the accounts of the server.
    assert_eq!(refused, 7);
}

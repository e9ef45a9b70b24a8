//! Other catalogues than the one that is built in, and a lenient service.

use attache_local::{Catalogue, Local};
use attache_support::{Error, validation};

use crate::stage::{Stage, security_ir_case, send, support_case};

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let error = result.expect_err("it is refused");
    error.code().expect("it has a code").to_owned()
}

const OURS: &str = r#"{
    "DescribeServices": {"services": [
        {"code": "our-service", "name": "Ours", "categories": [{"code": "our-category", "name": "Ours"}]}
    ], "ResponseMetadata": {"HTTPStatusCode": 200}},
    "DescribeSeverityLevels": {"severityLevels": [{"code": "low", "name": "General guidance"}]},
    "DescribeTrustedAdvisorChecks": {"checks": [
        {"id": "abc", "name": "A check", "category": "security", "description": "Text", "metadata": ["Region", null]}
    ]},
    "DescribeCreateCaseOptions": {"languageAvailability": "best_effort", "communicationTypes": [
        {"type": "web", "supportedHours": [{"startTime": "09:00:00.000", "endTime": "17:00:00.000"}]}
    ]},
    "DescribeSupportedLanguages": {"supportedLanguages": [{"code": "de", "language": "German", "display": "Deutsch"}]}
}"#;

#[tokio::test]
async fn recorded_answers_of_an_account_replace_ours() {
    let catalogue = Catalogue::default()
        .with_json("ours.json", OURS)
        .expect("it is read");
    let stage = Stage::with(|builder| builder.catalogue(catalogue)).await;
    let client = &stage.support;
    let services = client
        .describe_services()
        .send()
        .await
        .expect("they are listed");
    let services = services.services.expect("they are listed");
    assert_eq!(services.len(), 1);
    let checks = client
        .describe_trusted_advisor_checks()
        .language("en")
        .send()
        .await;
    let checks = checks.expect("they are listed").checks;
    assert_eq!((checks.len(), checks[0].metadata.len()), (1, 2));
    assert_eq!(checks[0].description, "Text");
    let result = client
        .describe_trusted_advisor_check_result()
        .check_id("abc")
        .send()
        .await;
    let result = result.expect("it is known").result.expect("there is one");
    assert!(
        result
            .flagged_resources
            .iter()
            .all(|resource| resource.metadata.len() == 2)
    );
    let options = client
        .describe_create_case_options()
        .language("de")
        .issue_type("technical");
    let options = options
        .service_code("our-service")
        .category_code("our-category");
    let options = options.send().await.expect("there are options");
    assert_eq!(
        options.language_availability.as_deref(),
        Some("best_effort")
    );
    assert_eq!(
        options.communication_types.map(|types| types.len()),
        Some(1)
    );
}

#[tokio::test]
async fn cases_are_checked_against_the_catalogue() {
    let catalogue = Catalogue::default().with_json("ours.json", OURS);
    let catalogue = catalogue.expect("it is read");
    let stage = Stage::with(|builder| builder.catalogue(catalogue)).await;
    let client = &stage.support;
    // The first entry is the default.
    let open = || client.create_case().subject("s").communication_body("b");
    let case = open().language("de").send().await.expect("it is opened");
    let listed = client
        .describe_cases()
        .case_id_list(case.case_id)
        .send()
        .await;
    let listed = listed.expect("it is listed").cases.expect("there is one");
    assert_eq!(listed[0].service_code.as_deref(), Some("our-service"));
    assert_eq!(listed[0].category_code.as_deref(), Some("our-category"));
    for wrong in [
        open().service_code("general-info"),
        open()
            .service_code("our-service")
            .category_code("using-aws"),
        open().severity_code("urgent"),
        open().language("en"),
    ] {
        assert_eq!(code(wrong.send().await), "InvalidParameterValueException");
    }
}

#[tokio::test]
async fn a_part_of_a_catalogue_leaves_the_rest() {
    let languages = r#"{"supportedLanguages": [{"code": "de"}]}"#;
    let catalogue: Catalogue = languages.parse().expect("it is read");
    let stage = Stage::with(|builder| builder.catalogue(catalogue)).await;
    let services = stage
        .support
        .describe_services()
        .send()
        .await
        .expect("they are listed");
    assert!(
        services
            .services
            .is_some_and(|services| services.len() >= 30)
    );
}

#[tokio::test]
async fn a_lenient_service_accepts_what_moto_accepts() {
    let stage = Stage::with(|builder| builder.lenient(true)).await;
    let client = stage.support.with_validation(validation::Level::Off);
    let case = client
        .create_case()
        .subject("s")
        .communication_body("b")
        .service_code("any service")
        .category_code("any category")
        .severity_code("any severity")
        .language("any language")
        .issue_type("any")
        .attachment_set_id("no such set")
        .send()
        .await
        .expect("everything is taken");
    for _ in 0..3 {
        let listed = client
            .describe_cases()
            .case_id_list(case.case_id.clone())
            .display_id("not a number")
            .after_time("not a time")
            .before_time("not a time")
            .next_token("not a token")
            .max_results(137)
            .send()
            .await;
        let listed = listed.expect("it is listed").cases.expect("there is one");
        let shown = &listed[0];
        assert_eq!(shown.service_code.as_deref(), Some("any service"));
        assert_eq!(shown.category_code.as_deref(), Some("any category"));
        assert_eq!(shown.severity_code.as_deref(), Some("any severity"));
        assert_eq!(shown.language.as_deref(), Some("any language"));
    }
    // What can be a filter still is one.
    let other = client.describe_cases().display_id("1").send().await;
    assert_eq!(
        other.expect("it is listed").cases.map(|cases| cases.len()),
        Some(0)
    );
    let refreshed = client
        .refresh_trusted_advisor_check()
        .check_id("any check")
        .send()
        .await;
    assert_eq!(refreshed.expect("it is taken").status.check_id, "any check");
    let result = client
        .describe_trusted_advisor_check_result()
        .check_id("any check");
    let result = result.send().await.expect("it is taken").result;
    assert_eq!(
        result.map(|result| result.check_id).as_deref(),
        Some("any check")
    );
    // What is required is still required.
    assert_eq!(
        code(client.create_case().subject("s").send().await),
        "ValidationException"
    );
}

async fn reset(local: &Local, method: &str) -> u16 {
    let url = format!("{}/moto-api/reset", local.endpoint());
    let answer = send(method, &url, &[], Vec::new()).await;
    answer.expect("it is answered").status().as_u16()
}

#[tokio::test]
async fn a_lenient_service_forgets_everything_when_moto_would() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let lenient = |folder: &std::path::Path| {
        let folder = folder.to_owned();
        Stage::with(move |builder| builder.lenient(true).data(folder))
    };
    let stage = lenient(folder.path()).await;
    support_case(&stage).await;
    let case_id = security_ir_case(&stage).await;
    stage.put_case_file(&case_id, "a", b"a").await;
    assert_eq!(reset(&stage.local, "GET").await, 405);
    assert_eq!(stage.local.attachments().expect("they are read").len(), 1);
    assert_eq!(reset(&stage.local, "POST").await, 200);
    let files = || {
        std::fs::read_dir(folder.path().join("files"))
            .expect("it is a folder")
            .count()
    };
    assert_eq!(
        (
            stage.local.attachments().expect("they are read").len(),
            files()
        ),
        (0, 0)
    );
    // Nothing comes back from the disk.
    drop(stage);
    let stage = lenient(folder.path()).await;
    let cases = stage
        .support
        .describe_cases()
        .send()
        .await
        .expect("they are listed");
    assert_eq!(cases.cases.map(|cases| cases.len()), Some(0));
    let cases = stage
        .security_ir
        .list_cases()
        .send()
        .await
        .expect("they are listed");
    assert_eq!(cases.items.map(|cases| cases.len()), Some(0));
    // The initial membership exists.
    security_ir_case(&stage).await;
}

#[tokio::test]
async fn only_a_lenient_service_forgets() {
    let strict = Stage::new().await;
    support_case(&strict).await;
    assert_eq!(reset(&strict.local, "POST").await, 404);
}

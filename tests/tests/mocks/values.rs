//! Every response and every modelled error that a mock gives is read as the same value.

use std::cell::Cell;

use attache_runtime::test::{Mock, when};
use attache_runtime::validation::Level;
use attache_tests::operations::services;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    })
}

#[test]
fn every_response_is_read_as_it_was_given() {
    let count = Cell::new(0);
    for service in services() {
        for operation in service.operations {
            let values = (
                (operation.arbitrary_requests)(Level::Documented),
                (operation.arbitrary_responses)(),
            );
            let result = runner(16).run(&values, |(request, response)| {
                let read = (operation.mock)(request, response.clone());
                prop_assert_eq!(read.as_ref(), Ok(&response), "{}", operation.name);
                count.set(count.get() + 1);
                Ok(())
            });
            result.unwrap_or_else(|error| panic!("{}: {error}", operation.name));
        }
    }
    assert_eq!(count.get(), 45 * 16);
}

/// Calls the operation with each of many errors, and compares what the client read.
macro_rules! errors_are_read {
    ($service:ident, $request:ident, $call:ident) => {
        let errors = any::<$service::ServiceError>();
        let result = runner(256).run(&errors, |error| {
            let made = $service::Error::from_service(error.clone());
            let rule = when::<$service::operation::$request>(|_| true);
            let rule = rule.then(Err($service::Error::from_service(error.clone())));
            let mock = Mock::new().rule(rule);
            let config = mock
                .config()
                .max_attempts(1)
                .build()
                .expect("a configuration");
            let client = $service::Client::new(&config);
            let read = client.$call().send().wait().expect_err("it is mocked");
            prop_assert_eq!(read.service(), Some(&error));
            prop_assert_eq!(read.code(), made.code());
            prop_assert_eq!(read.status(), made.status());
            prop_assert_eq!(
                read.message().unwrap_or_default(),
                made.message().unwrap_or_default()
            );
            prop_assert_eq!(read.is_throttled(), made.is_throttled());
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{error}"));
    };
}

#[test]
fn every_modelled_error_is_read_as_it_was_given() {
    errors_are_read!(attache_support, DescribeServicesRequest, describe_services);
    errors_are_read!(attache_security_ir, ListCasesRequest, list_cases);
    errors_are_read!(golden_rest_json, PingRequest, ping);
}

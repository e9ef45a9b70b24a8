//! Profile files: their places, the selected profile, and the errors for invalid files.

use std::io;
use std::path::Path;

use attache_runtime::{Config, Environment, FixedEnvironment};

use crate::stage::{Network, builder, core, environment, files, key, key_of};

fn refused(environment: FixedEnvironment) -> String {
    let builder = Config::builder().from_environment(environment);
    let error = builder.expect_err("the environment cannot be used");
    match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => format!("{error:#}"),
    }
}

#[tokio::test]
async fn variables_name_the_files_and_the_profile() {
    let environment = environment(&[
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_CONFIG_FILE", "~/elsewhere"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/secrets"),
        ("AWS_PROFILE", "audit trail"),
    ])
    .with_file(
        "/home/me/elsewhere",
        "[profile \"audit trail\"]\nsource_profile = never read\n",
    )
    .with_file(
        "/secrets",
        "[audit trail]\naws_access_key_id = AUDIT\naws_secret_access_key = SECRET\n",
    );
    assert_eq!(
        key(&Network::default(), environment).await.unwrap(),
        "AUDIT"
    );
}

#[test]
fn a_profile_that_a_setting_names_must_exist() {
    let environment = files("[audit]\n", "").with_variable("AWS_PROFILE", "audit");
    assert_eq!(
        refused(environment),
        "the profile `audit` is neither in /home/me/.aws/config nor in /home/me/.aws/credentials; \
         the section [audit] must be called [profile audit]"
    );
}

#[test]
fn errors_in_files_and_settings_name_the_line() {
    for (config, complaint) in [
        (
            "[default]\nregion\n",
            "/home/me/.aws/config, line 2: it is neither a section nor `name = value`",
        ),
        (
            "[default]\nmax_attempts = 0\n",
            "`max_attempts` (/home/me/.aws/config, line 2) must be a whole number of at least 1",
        ),
        (
            "[default]\nregion = a\nretry_mode = legacy\n",
            "`retry_mode` (/home/me/.aws/config, line 3) cannot be used: the retry mode must be `standard` or \
             `adaptive`",
        ),
        (
            "[default]\nuse_fips_endpoint = yes\n",
            "`use_fips_endpoint` (/home/me/.aws/config, line 2) must be `true` or `false`",
        ),
    ] {
        assert_eq!(refused(files(config, "")), complaint);
    }
}

async fn url(environment: FixedEnvironment) -> String {
    let network = Network::default()
        .answering(
            "https://one.example.com/",
            [crate::stage::answer(200, "{}")],
        )
        .answering(
            "https://two.example.com/",
            [crate::stage::answer(200, "{}")],
        );
    let environment = environment
        .with_variable("AWS_ACCESS_KEY_ID", "A")
        .with_variable("AWS_SECRET_ACCESS_KEY", "B");
    let core = core(builder(&network).from_environment(environment).unwrap());
    match crate::stage::call(&core).await {
        Ok(_) => network.seen()[0].url.clone(),
        Err(error) => format!("{error:#}"),
    }
}

#[tokio::test]
async fn endpoint_urls_come_from_the_same_places_as_in_botocore() {
    let config = "[default]\nendpoint_url = https://one.example.com\nservices = mine\n\
                  [services mine]\ntest_service =\n  endpoint_url = https://two.example.com\n";
    let (one, two) = ("https://one.example.com/", "https://two.example.com/");
    assert_eq!(url(files(config, "")).await, two);
    let of_all = files(config, "").with_variable("AWS_ENDPOINT_URL", one);
    assert_eq!(url(of_all).await, one);
    let of_service = files(config, "")
        .with_variable("AWS_ENDPOINT_URL", one)
        .with_variable("AWS_ENDPOINT_URL_TEST_SERVICE", two);
    assert_eq!(url(of_service).await, two);
    let ignored = files(config, "").with_variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE");
    assert_eq!(url(ignored).await, "https://test.example.com/");
    let off = config.replacen('\n', "\nignore_configured_endpoint_urls = true\n", 1);
    assert_eq!(url(files(&off, "")).await, "https://test.example.com/");
    let on = files(&off, "").with_variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false");
    assert_eq!(url(on).await, two);
    let missing = files("[default]\nservices = none\n", "");
    let missing = url(missing).await;
    assert!(
        missing.contains(
            "there is no section [services none], which `services` (/home/me/.aws/config, line 2) names"
        ),
        "{missing}"
    );
}

/// An environment whose files cannot be read.
#[derive(Debug)]
struct Locked(FixedEnvironment, &'static [&'static str]);

impl Environment for Locked {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.1.iter().any(|locked| path == Path::new(locked)) {
            true => Err(io::ErrorKind::PermissionDenied.into()),
            false => self.0.read(path),
        }
    }

    fn write(&self, path: &Path, contents: &[u8]) -> io::Result<()> {
        self.0.write(path, contents)
    }
}

const BOTH: [&str; 2] = ["/home/me/.aws/config", "/home/me/.aws/credentials"];

fn locked() -> FixedEnvironment {
    environment(&[("AWS_EC2_METADATA_DISABLED", "true")])
}

#[tokio::test]
async fn unreadable_files_are_ignored_if_variables_have_all_settings() {
    let variables = locked()
        .with_variable("AWS_REGION", "eu-central-1")
        .with_variable("AWS_ACCESS_KEY_ID", "VARIABLE")
        .with_variable("AWS_SECRET_ACCESS_KEY", "SECRET");
    let network = Network::default();
    let environment = Locked(variables, &BOTH);
    let core = core(builder(&network).from_environment(environment).unwrap());
    assert_eq!(key_of(&network, &core).await.unwrap(), "VARIABLE");
}

#[tokio::test]
async fn unreadable_files_are_named_in_the_error_for_a_missing_setting() {
    let network = Network::default();
    let environment = Locked(locked(), &BOTH);
    let client = core(builder(&network).from_environment(environment).unwrap());
    let found = key_of(&network, &client).await.unwrap_err();
    assert!(
        found.contains(
            "profile `default`: it is not in /home/me/.aws/config and /home/me/.aws/credentials \
             (/home/me/.aws/config cannot be read: permission denied; /home/me/.aws/credentials cannot be read: \
             permission denied); container"
        ),
        "{found}"
    );
    // The profile exists, and its key would be in the unreadable file.
    let config = locked().with_file(BOTH[0], "[default]\nregion = eu-central-1\n");
    let environment = Locked(config, &BOTH[1..]);
    let client = core(builder(&network).from_environment(environment).unwrap());
    let found = key_of(&network, &client).await.unwrap_err();
    assert!(
        found.contains(
            "it holds no credentials (/home/me/.aws/credentials cannot be read: permission denied)"
        ),
        "{found}"
    );
    let named = Locked(locked().with_variable("AWS_PROFILE", "audit"), &BOTH);
    let error = Config::builder().from_environment(named).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("config cannot be read: permission denied"),
        "{error}"
    );
}

#[tokio::test]
async fn the_error_names_a_missing_file_that_a_variable_sets() {
    let environment = locked()
        .with_variable("AWS_CONFIG_FILE", "$HOME/conf/$NOWHERE/config")
        .with_variable("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
    let remark = "(/home/me/conf/$NOWHERE/config, which AWS_CONFIG_FILE names, does not exist; /nowhere, which \
                  AWS_SHARED_CREDENTIALS_FILE names, does not exist)";
    let found = key(&Network::default(), environment).await.unwrap_err();
    assert!(found.contains(remark), "{found}");
    // The same holds if the region is missing.
    let environment = locked()
        .with_variable("AWS_CONFIG_FILE", "/nowhere")
        .with_variable("AWS_ACCESS_KEY_ID", "VARIABLE")
        .with_variable("AWS_SECRET_ACCESS_KEY", "SECRET")
        .with_variable("AWS_PROFILE", "audit");
    assert_eq!(
        refused(environment),
        "the profile `audit` is neither in /nowhere nor in /home/me/.aws/credentials (/nowhere, which \
         AWS_CONFIG_FILE names, does not exist)"
    );
}

#[tokio::test]
async fn variables_in_paths_are_expanded() {
    let credentials = "[default]\naws_access_key_id = FILE\naws_secret_access_key = SECRET\n";
    for (path, meant) in [
        ("$HOME/conf/keys", "/home/me/conf/keys"),
        ("${HOME}/conf/keys", "/home/me/conf/keys"),
        ("~/conf/$WHICH", "/home/me/conf/keys"),
        ("$ROOT/keys", "/home/me/root/keys"),
        ("/a/$WHICH-1", "/a/keys-1"),
        ("/a/${WHICH}_1", "/a/keys_1"),
        ("/a/$WHICH_1/$", "/a/$WHICH_1/$"),
        ("/a/${WHICH/keys", "/a/${WHICH/keys"),
        ("/a/${}$$WHICH", "/a/${}$keys"),
        ("~someone/keys", "~someone/keys"),
        ("a~/$é", "a~/$é"),
    ] {
        let environment = locked()
            .with_variable("WHICH", "keys")
            .with_variable("ROOT", "~/root")
            .with_variable("AWS_SHARED_CREDENTIALS_FILE", path)
            .with_file(meant, credentials);
        let found = key(&Network::default(), environment).await;
        assert_eq!(found.as_deref(), Ok("FILE"), "{path}");
    }
}

/// `xtask/outside/settings.py` compares these names with botocore.
#[tokio::test]
async fn section_names_are_split_into_words_as_by_a_shell() {
    for (section, name) in [
        (r#"profile 'Someone'"'"'s Laptop'"#, "Someone's Laptop"),
        (r#"profile "a"'b'"#, "ab"),
        (r"profile My\ Laptop", "My Laptop"),
        (r#"profile "say \"hi\"""#, "say \"hi\""),
        ("profile\tdev", "dev"),
        ("profile   dev  ", "dev"),
        ("profile dev#1", "dev#1"),
        ("profile a]b", "a]b"),
        ("profile größe", "größe"),
    ] {
        let config =
            format!("[{section}]\naws_access_key_id = CONFIG\naws_secret_access_key = SECRET\n");
        let environment = files(&config, "").with_variable("AWS_PROFILE", name);
        let found = key(&Network::default(), environment).await;
        assert_eq!(found.as_deref(), Ok("CONFIG"), "{section}");
    }
}

#[test]
fn a_name_that_needs_quotes_gets_a_hint() {
    for (section, name, hint) in [
        ("profile Foo Bar", "Foo Bar", "[profile 'Foo Bar']"),
        (
            "profile Someone's Laptop",
            "Someone's Laptop",
            r#"[profile 'Someone'"'"'s Laptop']"#,
        ),
        ("profile \"Foo", "Foo", "[profile Foo]"),
        ("Foo Bar", "Foo Bar", "[profile 'Foo Bar']"),
    ] {
        let environment = files(&format!("[{section}]\n"), "").with_variable("AWS_PROFILE", name);
        let found = refused(environment);
        assert!(
            found.ends_with(&format!("; the section [{section}] must be called {hint}")),
            "{found}"
        );
    }
}

#[test]
fn section_names_of_the_credentials_file_are_taken_verbatim() {
    for (section, name) in [("profile dev", "dev"), ("'Foo Bar'", "Foo Bar")] {
        let environment = files("", &format!("[{section}]\n")).with_variable("AWS_PROFILE", name);
        let hint = format!(
            "; the section [{section}] of /home/me/.aws/credentials must be called [{name}]"
        );
        let found = refused(environment);
        assert!(found.ends_with(&hint), "{found}");
    }
}

#[tokio::test]
async fn sections_inherit_the_settings_of_the_default_section() {
    let key_of_defaults =
        "[DEFAULT]\naws_access_key_id = DEFAULTS\naws_secret_access_key = SECRET\n";
    let network = Network::default();
    for (config, credentials, wanted) in [
        // The settings of the configuration file and of the credentials file, and their precedence.
        (format!("{key_of_defaults}[default]\n"), "", Ok("DEFAULTS")),
        (
            "[default]\n".to_owned(),
            "[default]\n[DEFAULT]\naws_access_key_id = LATER\naws_secret_access_key = S\n",
            Ok("LATER"),
        ),
        (
            format!("{key_of_defaults}[default]\naws_access_key_id = OWN\n"),
            "",
            Ok("OWN"),
        ),
        // `DEFAULT` is no profile.
        (key_of_defaults.to_owned(), "", Err(())),
    ] {
        let found = key(&network, files(&config, credentials)).await;
        assert_eq!(found.as_deref().map_err(drop), wanted, "{config}");
    }
    let not_a_profile =
        files("", "[DEFAULT]\nregion = x\n").with_variable("AWS_PROFILE", "DEFAULT");
    assert!(refused(not_a_profile).starts_with("the profile `DEFAULT` is neither in"));
}

#[tokio::test]
async fn nested_settings_are_inherited_and_errors_name_their_line() {
    let (one, two) = ("https://one.example.com/", "https://two.example.com/");
    let config = "[DEFAULT]\nservices = mine\ntest_service =\n  endpoint_url = https://one.example.com\n\
                  [default]\n[services mine]\n";
    assert_eq!(url(files(config, "")).await, one);
    let own = format!("{config}test_service =\n  endpoint_url = https://two.example.com\n");
    assert_eq!(url(files(&own, "")).await, two);
    // A setting of the section replaces all nested settings of the default section.
    let emptied = format!("{config}test_service =\n  other = 1\n");
    assert_eq!(url(files(&emptied, "")).await, "https://test.example.com/");
    // The default section of the credentials file also takes precedence.
    let config = "[default]\nendpoint_url = https://one.example.com\n";
    let credentials = "[DEFAULT]\nendpoint_url = https://two.example.com\n[default]\n";
    assert_eq!(url(files(config, credentials)).await, two);
    let broken = "[DEFAULT]\nmax_attempts = 0\n[default]\n";
    assert_eq!(
        refused(files(broken, "")),
        "`max_attempts` (/home/me/.aws/config, line 2) must be a whole number of at least 1"
    );
}

#[tokio::test]
async fn the_last_section_of_a_profile_is_used() {
    let section = |name: &str, key: &str| {
        format!("[{name}]\naws_access_key_id = {key}\naws_secret_access_key = SECRET\n")
    };
    for (first, second) in [
        ("default", "profile default"),
        ("profile default", "default"),
        ("profile default", "profile \"default\""),
    ] {
        let config = section(first, "FIRST") + &section(second, "SECOND");
        let found = key(&Network::default(), files(&config, "")).await;
        assert_eq!(found.as_deref(), Ok("SECOND"), "{first}, {second}");
    }
}

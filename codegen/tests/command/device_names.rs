//! Names that Windows takes for devices: no service, crate or folder may have one, because a checkout would fail there.

use crate::workspace::{Place, published};

const DEVICES: [&str; 6] = ["aux", "con", "nul", "prn", "com1", "lpt9"];

/// What the program says, which must refuse and write nothing.
fn refused(place: &Place, arguments: &str) -> String {
    let before = place.snapshot("");
    let complaint = place.fails("", arguments);
    assert!(before == place.snapshot(""), "{arguments} wrote something");
    complaint
}

#[track_caller]
fn assert_names_the_device(complaint: &str, name: &str) {
    let expected = format!("`{name}` is the name of a device on Windows");
    assert!(complaint.contains(&expected), "{name}: {complaint}");
    assert!(complaint.contains("choose another name"), "{complaint}");
}

#[test]
fn no_service_is_added_under_the_name_of_a_device() {
    let place = Place::workspace();
    for name in DEVICES {
        let arguments = format!(
            "add {name} --other-service --from {}",
            published().display()
        );
        assert_names_the_device(&refused(&place, &arguments), name);
    }
}

#[test]
fn no_crate_is_added_under_the_name_of_a_device() {
    let place = Place::workspace();
    for name in DEVICES {
        // Windows does not tell capital letters from small ones.
        for name in [name.to_owned(), name.to_uppercase()] {
            let from = published();
            let arguments = format!("add parcels --crate {name} --from {}", from.display());
            assert_names_the_device(&refused(&place, &arguments), &name);
        }
    }
}

#[test]
fn no_setting_names_a_device() {
    let place = Place::workspace();
    place.add_parcels();
    for name in DEVICES {
        for settings in [
            format!("[service.{name}]\n"),
            format!("[service.parcels]\ncrate = \"{name}\"\n"),
            format!("[service.parcels]\nserver = \"src/{name}/api\"\n"),
            format!("[crates]\nfolder = \"{name}\"\n\n[service.parcels]\n"),
            format!("[crates]\nfolder = \"gen/{name}\"\n\n[service.parcels]\n"),
        ] {
            place.write("models/attache.toml", &settings);
            assert_names_the_device(&refused(&place, "generate"), name);
        }
    }
}

#[test]
fn names_that_only_begin_like_a_device_are_taken() {
    let place = Place::workspace();
    let from = published();
    for (service, name) in [("auxiliary", "com"), ("con-parcels", "console")] {
        let arguments = format!(
            "add {service} --crate {name} --other-service --from {}",
            from.display()
        );
        place.succeeds("", &arguments);
        let manifest = place.read(&format!("crates/{name}/Cargo.toml"));
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "{manifest}"
        );
    }
}

//! What each key of C2J becomes: small services, one feature each.

mod neighbours;
mod refusals;
mod services;
mod shapes;

use attache_codegen::import::{Sources, from_c2j};
use serde_json::{Value, json};

/// A rest-json service whose operation `Do` takes the structure `In`; `parts` is merged into it.
fn service(parts: Value) -> Value {
    let mut service = json!({
        "version": "2.0",
        "metadata": {
            "apiVersion": "2020-01-02", "endpointPrefix": "toys", "protocol": "rest-json", "protocols": ["rest-json"],
            "serviceFullName": "AWS Toy-Shop", "serviceId": "Toy Shop", "signatureVersion": "v4",
            "uid": "toy-shop-2020-01-02"
        },
        "operations": {
            "Do": {"name": "Do", "http": {"method": "POST", "requestUri": "/do"}, "input": {"shape": "In"}}
        },
        "shapes": {
            "In": {"type": "structure", "members": {}},
            "String": {"type": "string"}
        }
    });
    merge(&mut service, parts);
    service
}

/// `null` removes a key.
fn merge(base: &mut Value, part: Value) {
    match (base, part) {
        (Value::Object(base), Value::Object(part)) => {
            for (key, value) in part {
                if value.is_null() {
                    base.remove(&key);
                } else {
                    merge(base.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        (base, part) => *base = part,
    }
}

fn import(service: &Value, neighbours: &Sources<'_>) -> Result<Value, String> {
    let text = service.to_string();
    let sources = Sources {
        service_2: &text,
        ..*neighbours
    };
    let imported = from_c2j(&sources).map_err(|error| error.to_string())?;
    Ok(serde_json::from_str(&imported.model_json).expect("the importer writes JSON"))
}

/// Imports a service and looks shapes up by their names; a member is `Shape$member`.
fn shapes(parts: Value) -> impl Fn(&str) -> Value {
    let model = import(&service(parts), &Sources::default()).expect("the service is sound");
    move |name: &str| {
        let (shape, member) = name.split_once('$').unwrap_or((name, ""));
        let shape = &model["shapes"][format!("com.amazonaws.toyshop#{shape}")];
        match member {
            "" => shape.clone(),
            "member" | "key" | "value" => shape[member].clone(),
            _ => shape["members"][member].clone(),
        }
    }
}

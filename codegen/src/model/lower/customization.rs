//! Lowers the traits of overlays about what clients do beyond the traits of Smithy.

use serde::Deserialize;

use super::Lowering;
use crate::ast::{Reference, ShapeKind, Traits, trait_id};
use crate::error::{Context, Error, Result};
use crate::model::customization::{Customization, Form, RegionRedirect, UrlTexts};
use crate::model::{Binding, MemberId, Path, RequestParameter, Role, Type, TypeId, TypeKind};

/// The value of `attache#percentEncoded`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PercentEncoded {
    except: String,
}

/// The value of `attache#urlTexts`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Encoded {
    member: String,
    value: String,
    texts: Vec<String>,
}

/// The traits that only a member of an input can have.
const OF_REQUESTS: [&str; 2] = [
    trait_id::attache::KEY_WITH_MD5,
    trait_id::attache::PERCENT_ENCODED,
];

/// Refuses traits on a member that is in no request, where they would be ignored.
///
/// # Errors
/// The trait.
pub(super) fn refuse_outside_requests(role: &Role, traits: &Traits) -> Result<()> {
    let found = OF_REQUESTS.into_iter().find(|id| traits.has(id));
    match (role, found) {
        (Role::Request(_), _) | (_, None) => Ok(()),
        (_, Some(id)) => Err(Error::new(format!(
            "trait `{id}` belongs on members of inputs"
        ))),
    }
}

impl Lowering<'_> {
    /// What clients do to the requests and responses of an operation.
    pub(super) fn customization(
        &self,
        traits: &Traits,
        input: Option<&Reference>,
        (request, response): (TypeId, TypeId),
        parameters: &[RequestParameter],
    ) -> Result<Customization> {
        let of_operation = traits.parse(trait_id::attache::REGION_REDIRECT)?;
        let of_service = || {
            self.service_traits
                .parse(trait_id::attache::REGION_REDIRECT)
        };
        let redirect: Option<RegionRedirect> = match of_operation {
            Some(redirect) => Some(redirect),
            None => of_service()?,
        };
        let names_resource = |redirect: &RegionRedirect| {
            let mut parameters = parameters.iter();
            parameters.any(|parameter| parameter.name == redirect.parameter)
        };
        Ok(Customization {
            forms: self.forms(input, request)?,
            url_texts: self.url_texts(traits, request, response)?,
            region_redirect: redirect.filter(names_resource),
        })
    }

    fn forms(&self, input: Option<&Reference>, request: TypeId) -> Result<Vec<(MemberId, Form)>> {
        // The shapes of the prelude are not in the model.
        let shape = input.and_then(|input| self.model.shapes.get(&input.target));
        let Some(ShapeKind::Structure(structure)) = shape.map(|shape| &shape.kind) else {
            return Ok(Vec::new());
        };
        let mut forms = Vec::new();
        for (name, member) in &structure.members {
            let form = self.form(request, &member.traits);
            if let Some(form) = form.at(format!("${name}"))? {
                let member = self.text_of(request, name).at(format!("${name}"))?;
                forms.push((member, form));
            }
        }
        Ok(forms)
    }

    fn form(&self, request: TypeId, traits: &Traits) -> Result<Option<Form>> {
        if let Some(digest) = traits.string(trait_id::attache::KEY_WITH_MD5)? {
            return Ok(Some(Form::KeyWithMd5(self.text_of(request, &digest)?)));
        }
        let encoded: Option<PercentEncoded> = traits.parse(trait_id::attache::PERCENT_ENCODED)?;
        Ok(encoded.map(|encoded| Form::PercentEncoded(encoded.except)))
    }

    /// An optional text of a request.
    fn text_of(&self, request: TypeId, name: &str) -> Result<MemberId> {
        let found = self.service.types[request.0].member(name);
        match found {
            Some((index, member)) if is_text(&member.ty) && member.default.is_none() => {
                Ok(MemberId {
                    owner: request,
                    index,
                })
            }
            _ => Err(Error::new(format!(
                "`{name}` must be a member of the input that is a string without a default"
            ))),
        }
    }

    fn url_texts(
        &self,
        traits: &Traits,
        request: TypeId,
        response: TypeId,
    ) -> Result<Option<UrlTexts>> {
        let id = trait_id::attache::URL_TEXTS;
        let Some(encoded) = traits.parse::<Encoded>(id)? else {
            return Ok(None);
        };
        let wrong = |what: String| Error::new(format!("trait `{id}`: {what}"));
        let member = |owner: TypeId| {
            let name = &encoded.member;
            let found = self.service.types[owner.0].member(name);
            let found = found.filter(|(_, member)| member.binding != Binding::Label);
            let index = found.map(|(index, _)| index);
            index.map(|index| MemberId { owner, index }).ok_or_else(|| {
                wrong(format!(
                    "the input and the output must have the member `{name}`"
                ))
            })
        };
        let texts = encoded.texts.iter().map(|text| {
            let (path, ty) = self.path(response, text).map_err(wrong)?;
            match is_text(ty) && path.0.len() <= 2 {
                true => Ok(path),
                false => Err(wrong(format!("`{text}` must be a text, at most in a list"))),
            }
        });
        Ok(Some(UrlTexts {
            request: member(request)?,
            response: member(response)?,
            value: encoded.value.clone(),
            texts: texts.collect::<Result<Vec<Path>>>()?,
        }))
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(ty.kind, TypeKind::String { .. })
}

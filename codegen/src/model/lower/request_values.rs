//! Values of requests that the endpoint rules read, as paths of members.
//!
//! The models write JMESPath (`smithy.rules#operationContextParams`). Of it, this is what all 445 models of botocore
//! 1.44.8 use: names with dots, `keys(…)` of a map, and a path, or several in brackets, below each element of a list
//! (`Items[*].Get.Name`, `Items[*].[Put.Name, Get.Name][]`). Another expression is refused, and its operation left out.

use super::Lowering;
use crate::ast::{Reference, Traits};
use crate::error::{Error, Result};
use crate::model::{
    Definition, MemberId, Path, RequestParameter, RequestValue, Step, Type, TypeId, TypeKind,
};

/// An expression of a path: names of members.
#[derive(Debug, PartialEq)]
pub(super) enum Expression<'a> {
    Names(Vec<&'a str>),
    Keys(Vec<&'a str>),
    Each {
        list: Vec<&'a str>,
        texts: Vec<Vec<&'a str>>,
    },
}

impl<'a> Expression<'a> {
    /// Reads an expression.
    ///
    /// # Errors
    /// A text that says what is supported.
    pub(super) fn parse(text: &'a str) -> std::result::Result<Self, String> {
        Self::read(text).ok_or_else(|| {
            "this expression is not supported: names with dots, `keys(…)`, and `list[*]` with paths below it are"
                .to_owned()
        })
    }

    fn read(text: &'a str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("keys(") {
            return Some(Self::Keys(names(path.strip_suffix(')')?)?));
        }
        let Some((list, rest)) = text.split_once("[*]") else {
            return Some(Self::Names(names(text)?));
        };
        let list = names(list)?;
        let texts = match rest.strip_prefix('.') {
            None if rest.is_empty() => vec![Vec::new()],
            None => return None,
            Some(below) => match below.strip_prefix('[') {
                None => vec![names(below)?],
                Some(several) => {
                    let several = several.strip_suffix("][]")?.split(',');
                    several
                        .map(|one| names(one.trim()))
                        .collect::<Option<_>>()?
                }
            },
        };
        Some(Self::Each { list, texts })
    }
}

/// Names with dots between them.
fn names(path: &str) -> Option<Vec<&str>> {
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let names: Vec<&str> = path.split('.').collect();
    names.iter().all(|name| is_name(name)).then_some(names)
}

impl Lowering<'_> {
    /// The parameters of the endpoint rules that the requests of an operation set.
    ///
    /// # Errors
    /// An expression that does not fit the request.
    pub(super) fn request_parameters(
        &mut self,
        operation: &Traits,
        input: Option<&Reference>,
        request: TypeId,
    ) -> Result<Vec<RequestParameter>> {
        let input = input.and_then(|input| self.model.shapes.get(&input.target));
        let needed = self.rules.needed(operation, input);
        let parameters = needed.into_iter().map(|(name, text)| {
            let value = Expression::parse(&text).and_then(|path| self.request_value(request, &path));
            match value {
                Ok(value) => Ok(RequestParameter { name, value }),
                Err(problem) => Err(Error::new(format!(
                    "the parameter `{name}` of the endpoint rules is `{text}` of the request: {problem}"
                ))),
            }
        });
        parameters.collect()
    }

    fn request_value(
        &self,
        request: TypeId,
        expression: &Expression<'_>,
    ) -> std::result::Result<RequestValue, String> {
        let unfit = |what: &str| Err(format!("it is not {what}"));
        match expression {
            Expression::Names(names) => {
                let (path, ty) = self.members(request, names)?;
                match &ty.kind {
                    TypeKind::Boolean => Ok(RequestValue::Flag(path)),
                    TypeKind::List {
                        element,
                        sparse: false,
                    } if self.is_text(element) => Ok(RequestValue::Each {
                        list: path,
                        texts: vec![Path(Vec::new())],
                    }),
                    _ if self.is_text(ty) => Ok(RequestValue::Text(path)),
                    _ => unfit("a string, a Boolean or a list of strings"),
                }
            }
            Expression::Keys(names) => {
                let (path, ty) = self.members(request, names)?;
                match &ty.kind {
                    TypeKind::Map { .. } => Ok(RequestValue::Keys(path)),
                    _ => unfit("a map"),
                }
            }
            Expression::Each { list, texts } => {
                let (list, ty) = self.members(request, list)?;
                let TypeKind::List {
                    element,
                    sparse: false,
                } = &ty.kind
                else {
                    return unfit("a dense list");
                };
                let texts = texts.iter().map(|names| self.text_below(element, names));
                let texts = texts.collect::<std::result::Result<_, _>>()?;
                Ok(RequestValue::Each { list, texts })
            }
        }
    }

    /// The path to a text from an element of a list on.
    fn text_below(&self, element: &Type, names: &[&str]) -> std::result::Result<Path, String> {
        let (path, ty) = match &element.kind {
            _ if names.is_empty() => (Path(Vec::new()), element),
            TypeKind::Named(id) => self.members(*id, names)?,
            _ => return Err("its elements have no members".to_owned()),
        };
        match self.is_text(ty) {
            true => Ok(path),
            false => Err("it does not lead to strings".to_owned()),
        }
    }

    /// Follows names of members of structures.
    fn members(&self, root: TypeId, names: &[&str]) -> std::result::Result<(Path, &Type), String> {
        let mut owner = Some(root);
        let mut steps = Vec::new();
        let mut end = None;
        for name in names {
            let definition = owner.map(|id| (id, &self.service.types[id.0]));
            let found = definition.and_then(|(id, definition)| match definition.definition {
                Definition::Structure(_) => Some((id, definition.member(name)?)),
                _ => None,
            });
            let Some((id, (index, member))) = found else {
                return Err(format!("there is no member `{name}`"));
            };
            let member_id = MemberId { owner: id, index };
            steps.push(Step {
                member: member_id,
                each: false,
            });
            owner = match member.ty.kind {
                TypeKind::Named(id) => Some(id),
                _ => None,
            };
            end = Some(&member.ty);
        }
        end.map(|ty| (Path(steps), ty))
            .ok_or_else(|| "the path is empty".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Expression;

    /// All expressions of botocore 1.44.8.
    #[test]
    fn the_expressions_of_published_models_are_read() {
        assert_eq!(
            Expression::parse("TableCreationParameters.TableName"),
            Ok(Expression::Names(vec![
                "TableCreationParameters",
                "TableName"
            ]))
        );
        assert_eq!(
            Expression::parse("keys(RequestItems)"),
            Ok(Expression::Keys(vec!["RequestItems"]))
        );
        assert_eq!(
            Expression::parse("TransactItems[*].Get.TableName"),
            Ok(Expression::Each {
                list: vec!["TransactItems"],
                texts: vec![vec!["Get", "TableName"]],
            })
        );
        assert_eq!(
            Expression::parse("TransactItems[*].[ConditionCheck.TableName, Put.TableName][]"),
            Ok(Expression::Each {
                list: vec!["TransactItems"],
                texts: vec![
                    vec!["ConditionCheck", "TableName"],
                    vec!["Put", "TableName"]
                ],
            })
        );
    }

    #[test]
    fn other_expressions_are_refused() {
        for text in [
            "",
            "a..b",
            "a[0]",
            "a[*].b[*].c",
            "a[?b]",
            "a[*].[b, c]",
            "length(a)",
            "keys(a.b",
            "a || b",
            "{a: b}",
        ] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
    }
}

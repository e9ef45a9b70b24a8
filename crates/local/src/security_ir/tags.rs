//! Tags of cases and memberships.

use super::{Result, SecurityIr, not_found, quota_exceeded};
use crate::api::security_ir::operation as op;

/// How many tags a resource may have.
const TAGS: usize = 200;

impl SecurityIr {
    /// A resource is there if a case or a membership has this ARN.
    fn require_resource(&self, arn: &str) -> Result<()> {
        let mut cases = self.cases.values().map(|case| &case.details.case_arn);
        let mut memberships = self
            .memberships
            .values()
            .map(|membership| &membership.details.membership_arn);
        let is_arn = |found: &Option<String>| found.as_deref() == Some(arn);
        match cases.any(is_arn) || memberships.any(is_arn) {
            true => Ok(()),
            false => Err(not_found("resource", arn)),
        }
    }

    pub(super) fn tags_of(
        &mut self,
        request: op::ListTagsForResourceRequest,
    ) -> Result<op::ListTagsForResourceResponse> {
        let arn = request.resource_arn.unwrap_or_default();
        self.require_resource(&arn)?;
        let tags = self.tags.get(&arn).cloned().unwrap_or_default();
        Ok(op::ListTagsForResourceResponse { tags })
    }

    pub(super) fn tag(
        &mut self,
        request: op::TagResourceRequest,
    ) -> Result<op::TagResourceResponse> {
        let arn = request.resource_arn.unwrap_or_default();
        self.require_resource(&arn)?;
        let mut tags = self.tags.get(&arn).cloned().unwrap_or_default();
        tags.extend(request.tags.unwrap_or_default());
        if tags.len() > TAGS {
            let message = "The resource has as many tags as it can have.";
            return Err(quota_exceeded(message, &arn, "tag", "L-TAGS"));
        }
        self.tags.insert(arn, tags);
        Ok(op::TagResourceResponse {})
    }

    pub(super) fn untag(
        &mut self,
        request: op::UntagResourceRequest,
    ) -> Result<op::UntagResourceResponse> {
        let arn = request.resource_arn.unwrap_or_default();
        self.require_resource(&arn)?;
        let keys = request.tag_keys.unwrap_or_default();
        if let Some(tags) = self.tags.get_mut(&arn) {
            tags.retain(|key, _| !keys.contains(key));
        }
        Ok(op::UntagResourceResponse {})
    }
}

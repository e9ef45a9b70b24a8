//! Calls IAM.

mod steps;

use anyhow::{Context, Result, ensure};
use attache_iam::Client;
use attache_iam::types::Tag;
use steps::{agreed, refused, same};

const POLICY: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}"#;
const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    users(&client)?;
    roles(&client)?;
    errors(&client)?;
    delete(&client)
}

fn users(client: &Client) -> Result<()> {
    let made = client
        .create_user()
        .user_name("a+b=c,d.e@f-g")
        .path("/some/path/")
        .tags([Tag::new("Größe", "a b+c"), Tag::new("empty", "")])
        .send()
        .wait()?;
    let user = made.user.context("no User")?;
    same("Path", user.path.as_str(), "/some/path/")?;
    agreed("CreateUser");
    let found = client.get_user().user_name("a+b=c,d.e@f-g").send().wait()?.user;
    same("UserName", found.user_name.as_str(), "a+b=c,d.e@f-g")?;
    same("Tags", found.tags, Some(vec![Tag::new("Größe", "a b+c"), Tag::new("empty", "")]))?;
    agreed("GetUser");
    client.put_user_policy().user_name("a+b=c,d.e@f-g").policy_name("inline").policy_document(POLICY).send().wait()?;
    agreed("PutUserPolicy");
    let policies = client.list_user_policies().user_name("a+b=c,d.e@f-g").send().wait()?.policy_names;
    same("PolicyNames", policies, vec!["inline".to_owned()])?;
    agreed("ListUserPolicies");
    let key = client.create_access_key().user_name("a+b=c,d.e@f-g").send().wait()?.access_key;
    ensure!(key.access_key_id.len() >= 16, "AccessKeyId is `{}`", key.access_key_id);
    agreed("CreateAccessKey");
    client.delete_access_key().user_name("a+b=c,d.e@f-g").access_key_id(key.access_key_id).send().wait()?;
    agreed("DeleteAccessKey");
    Ok(())
}

fn roles(client: &Client) -> Result<()> {
    for name in ["one", "two", "three", "four", "five"] {
        client.create_role().role_name(name).assume_role_policy_document(TRUST).description("a <b> & \"c\"").send().wait()?;
    }
    agreed("CreateRole");
    let role = client.get_role().role_name("one").send().wait()?.role;
    same("Description", role.description.as_deref(), Some("a <b> & \"c\""))?;
    agreed("GetRole");
    let mut pages = 0;
    let mut names = Vec::new();
    for page in client.list_roles().max_items(2).pages().wait() {
        names.extend(page?.roles.into_iter().map(|role| role.role_name));
        pages += 1;
    }
    names.sort();
    same("the roles of all pages", names, vec!["five", "four", "one", "three", "two"])?;
    same("the number of pages", pages, 3)?;
    agreed("ListRoles");
    let policy = client.create_policy().policy_name("managed").policy_document(POLICY).send().wait()?.policy;
    let arn = policy.and_then(|policy| policy.arn).context("no Arn")?;
    agreed("CreatePolicy");
    client.attach_role_policy().role_name("one").policy_arn(&arn).send().wait()?;
    agreed("AttachRolePolicy");
    let attached = client.list_attached_role_policies().role_name("one").send().wait()?.attached_policies;
    let arns: Vec<_> = attached.unwrap_or_default().into_iter().filter_map(|policy| policy.policy_arn).collect();
    same("AttachedPolicies", &arns, &vec![arn])?;
    agreed("ListAttachedRolePolicies");
    Ok(())
}

fn errors(client: &Client) -> Result<()> {
    refused("GetUser", "NoSuchEntity", client.get_user().user_name("nobody").send().wait())?;
    refused("CreateUser", "EntityAlreadyExists", client.create_user().user_name("a+b=c,d.e@f-g").send().wait())?;
    refused("DeleteRole", "DeleteConflict", client.delete_role().role_name("one").send().wait())?;
    refused(
        "CreatePolicy",
        "MalformedPolicyDocument",
        client.create_policy().policy_name("bad").policy_document("no policy").send().wait(),
    )
}

fn delete(client: &Client) -> Result<()> {
    client.delete_user_policy().user_name("a+b=c,d.e@f-g").policy_name("inline").send().wait()?;
    agreed("DeleteUserPolicy");
    client.delete_user().user_name("a+b=c,d.e@f-g").send().wait()?;
    agreed("DeleteUser");
    client.delete_role().role_name("two").send().wait()?;
    let left = client.get_role().role_name("two").send().wait();
    refused("GetRole", "NoSuchEntity", left)?;
    agreed("DeleteRole");
    Ok(())
}

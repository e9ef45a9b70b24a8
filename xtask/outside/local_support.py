"""AWS Support as boto3 sees the local one."""

from botocore.client import BaseClient

from local_checks import eventually, get, put, same

LARGE = bytes(range(256)) * 48 * 1024 + b"the end"


def catalogue(client: BaseClient) -> None:
    services = client.describe_services(language="en")["services"]
    codes = [service["code"] for service in services]
    if "general-info" not in codes:
        raise AssertionError(f"general-info is not among {codes}")
    one = client.describe_services(serviceCodeList=["general-info"], language="en")["services"]
    same("services of a list", ["general-info"], [service["code"] for service in one])
    levels = client.describe_severity_levels(language="en")["severityLevels"]
    same("severities", ["low", "normal", "high", "urgent", "critical"], [level["code"] for level in levels])
    about = {"issueType": "technical", "serviceCode": "general-info", "categoryCode": "using-aws"}
    languages = client.describe_supported_languages(**about)["supportedLanguages"]
    same("languages", True, "ja" in [language["code"] for language in languages])
    options = client.describe_create_case_options(language="ja", **about)
    same("availability", "available", options["languageAvailability"])
    same("ways", ["chat", "web", "call"], [way["type"] for way in options["communicationTypes"]])


def cases(client: BaseClient) -> None:
    ids = []
    for number in range(12):
        made = client.create_case(
            subject=f"Case {number}",
            communicationBody="Grüße ☃",
            severityCode="high",
            serviceCode="general-info",
            categoryCode="using-aws",
            issueType="technical",
            language="en",
            ccEmailAddresses=["a@example.com"],
        )
        ids.append(made["caseId"])
    found = client.describe_cases(caseIdList=ids[:1])["cases"][0]
    same("subject", "Case 0", found["subject"])
    same("body", "Grüße ☃", found["recentCommunications"]["communications"][0]["body"])
    pages = client.get_paginator("describe_cases").paginate(PaginationConfig={"PageSize": 10})
    listed = [case["caseId"] for page in pages for case in page["cases"]]
    same("cases of all pages, oldest first", ids, listed)
    for number in range(11):
        same("result", True, client.add_communication_to_case(caseId=ids[0], communicationBody=f"{number}")["result"])
    pages = client.get_paginator("describe_communications").paginate(
        caseId=ids[0], PaginationConfig={"PageSize": 10}
    )
    said = [one["body"] for page in pages for one in page["communications"]]
    same("communications", [f"{number}" for number in range(10, -1, -1)] + ["Grüße ☃"], said)
    resolved = client.resolve_case(caseId=ids[0])
    same("status", "resolved", resolved["finalCaseStatus"])
    same("open cases", 11, len(client.describe_cases()["cases"]))
    same("all cases", 12, len(client.describe_cases(includeResolvedCases=True)["cases"]))


def small_files(client: BaseClient) -> None:
    files = [{"fileName": f"{name}.log", "data": name.encode()} for name in ("one", "two")]
    made = client.add_attachments_to_set(attachments=files)
    same("set", True, made["expiryTime"].endswith("+0000"))
    more = client.add_attachments_to_set(
        attachmentSetId=made["attachmentSetId"], attachments=[{"fileName": "three.log", "data": b"three"}]
    )
    same("set", made["attachmentSetId"], more["attachmentSetId"])
    case = client.create_case(
        subject="Files", communicationBody="See there.", attachmentSetId=made["attachmentSetId"]
    )["caseId"]
    shown = client.describe_communications(caseId=case)["communications"][0]["attachments"]
    same("names", ["one.log", "two.log", "three.log"], [file["fileName"] for file in shown])
    read = [client.describe_attachment(attachmentId=file["attachmentId"])["attachment"] for file in shown]
    same("contents", [b"one", b"two", b"three"], [file["data"] for file in read])


def large_file(client: BaseClient) -> None:
    links = client.get_attachment_upload_links(fileName="core.dump", fileSizeBytes=len(LARGE))
    upload, size = links["uploadId"], links["partSizeBytes"]
    urls = list(links["uploadUrls"])
    while "nextIndex" in links:
        links = client.get_attachment_upload_links(
            fileName="core.dump", uploadId=upload, uploadRange={"startIndex": links["nextIndex"]}
        )
        urls += links["uploadUrls"]
    same("links", links["totalParts"], len(urls))
    for link in urls:
        index = link["partIndex"]
        etag = put(link["url"], LARGE[(index - 1) * size : index * size])
        client.complete_attachment_upload(
            uploadId=upload, completedUploads=[{"partIndex": index, "eTag": etag}]
        )
    status = eventually(
        "upload",
        lambda: client.describe_attachment_upload_status(uploadId=upload),
        lambda status: status["uploadStatus"] == "attachment-ready",
    )
    same("progress", len(urls), status["uploadProgress"]["completedPartsCount"])
    case = client.create_case(subject="Dump", communicationBody="See there.", uploadIds=[upload])["caseId"]
    shown = client.describe_communications(caseId=case)["communications"][0]
    same("small ones", [], shown["attachmentSet"])
    link = client.get_attachment_download_link(attachmentId=shown["attachments"][0]["attachmentId"])
    same("name", "core.dump", link["fileName"])
    same("content", True, get(link["downloadUrl"]["url"]) == LARGE)


def trusted_advisor(client: BaseClient) -> None:
    checks = client.describe_trusted_advisor_checks(language="en")["checks"]
    ids = [check["id"] for check in checks]
    summaries = client.describe_trusted_advisor_check_summaries(checkIds=ids)["summaries"]
    same("summaries", ids, [summary["checkId"] for summary in summaries])
    result = client.describe_trusted_advisor_check_result(checkId=ids[0], language="en")["result"]
    savings = result["categorySpecificSummary"]["costOptimizing"]["estimatedMonthlySavings"]
    same("savings", 42.5, savings)
    # A cell without a value is null, which boto3 hands on.
    same("cells", None, result["flaggedResources"][0]["metadata"][2])
    same("refresh", "enqueued", client.refresh_trusted_advisor_check(checkId=ids[0])["status"]["status"])
    statuses = client.describe_trusted_advisor_check_refresh_statuses(checkIds=ids[:2])["statuses"]
    same("statuses", ["none"], [status["status"] for status in statuses[1:]])


STEPS = [catalogue, cases, small_files, large_file, trusted_advisor]

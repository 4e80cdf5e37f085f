//! What the CI service says of the build that a run belongs to.

use std::collections::BTreeMap;

/// The variables of the process.
pub(super) type Variables = BTreeMap<String, String>;

/// Those of this process that are Unicode.
pub(super) fn variables() -> Variables {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// A build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Build {
    /// Branch; of a merge or pull request that which is to be merged.
    pub(super) branch: Option<String>,
    /// Commit, in full.
    pub(super) commit: Option<String>,
    /// Page of the build.
    pub(super) url: Option<String>,
    /// What all jobs of the build have in common, and a repeated job has again.
    pub(super) run_key: Option<String>,
    /// Which of the jobs that share the work this is, where the service knows it.
    pub(super) part: Option<String>,
    /// How many jobs share the work, where the service knows it.
    pub(super) parts: Option<u32>,
}

/// One service: the variable that tells it, those that may hold branch and commit, and how its page is found.
struct Service {
    told_by: &'static str,
    branch: &'static [&'static str],
    commit: &'static str,
    /// Text in which `$NAME ` stands for a variable.
    url: &'static str,
    /// Another such text.
    run_key: &'static str,
    /// Variables with the number of the job and that of all of them.
    shard: Option<(&'static str, &'static str)>,
}

/// By the services' own documentation of their variables.
const SERVICES: [Service; 7] = [
    Service {
        told_by: "GITHUB_ACTIONS",
        branch: &["GITHUB_HEAD_REF", "GITHUB_REF_NAME"],
        commit: "GITHUB_SHA",
        url: "$GITHUB_SERVER_URL /$GITHUB_REPOSITORY /actions/runs/$GITHUB_RUN_ID ",
        run_key: "github-$GITHUB_RUN_ID ",
        shard: None,
    },
    Service {
        told_by: "GITLAB_CI",
        branch: &["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"],
        commit: "CI_COMMIT_SHA",
        url: "$CI_PIPELINE_URL ",
        run_key: "gitlab-$CI_PIPELINE_ID ",
        shard: Some(("CI_NODE_INDEX", "CI_NODE_TOTAL")),
    },
    Service {
        told_by: "JENKINS_URL",
        branch: &["CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"],
        commit: "GIT_COMMIT",
        url: "$BUILD_URL ",
        run_key: "jenkins-$BUILD_TAG ",
        shard: None,
    },
    Service {
        told_by: "TF_BUILD",
        branch: &["SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH"],
        commit: "BUILD_SOURCEVERSION",
        url: "$SYSTEM_COLLECTIONURI $SYSTEM_TEAMPROJECT /_build/results?buildId=$BUILD_BUILDID ",
        run_key: "azure-$BUILD_BUILDID ",
        shard: Some(("SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE")),
    },
    Service {
        told_by: "CIRCLECI",
        branch: &["CIRCLE_BRANCH"],
        commit: "CIRCLE_SHA1",
        url: "$CIRCLE_BUILD_URL ",
        run_key: "circleci-$CIRCLE_WORKFLOW_ID ",
        shard: Some(("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL")),
    },
    Service {
        told_by: "BUILDKITE",
        branch: &["BUILDKITE_BRANCH"],
        commit: "BUILDKITE_COMMIT",
        url: "$BUILDKITE_BUILD_URL ",
        run_key: "buildkite-$BUILDKITE_BUILD_ID ",
        shard: Some(("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT")),
    },
    Service {
        told_by: "BITBUCKET_BUILD_NUMBER",
        branch: &["BITBUCKET_BRANCH"],
        commit: "BITBUCKET_COMMIT",
        url: "https://bitbucket.org/$BITBUCKET_REPO_FULL_NAME /pipelines/results/$BITBUCKET_BUILD_NUMBER ",
        run_key: "bitbucket-$BITBUCKET_BUILD_NUMBER ",
        shard: Some(("BITBUCKET_PARALLEL_STEP", "BITBUCKET_PARALLEL_STEP_COUNT")),
    },
];

/// The build that these variables belong to; without a service nothing is known.
pub(super) fn build(variables: &Variables) -> Build {
    let get = |name: &str| {
        variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    };
    let Some(service) = SERVICES.iter().find(|service| get(service.told_by).is_some()) else {
        return Build::default();
    };
    let branch = service.branch.iter().find_map(|name| get(name));
    Build {
        branch: branch.map(|name| name.strip_prefix("refs/heads/").unwrap_or(name).to_owned()),
        commit: get(service.commit).map(str::to_owned),
        url: filled(service.url, get),
        run_key: filled(service.run_key, get),
        part: service
            .shard
            .and_then(|(number, _)| get(number))
            .map(str::to_owned),
        parts: service.shard.and_then(|(_, all)| get(all)?.parse().ok()),
    }
}

/// The text with its variables; none when one is not set.
fn filled<'v>(text: &str, get: impl Fn(&str) -> Option<&'v str>) -> Option<String> {
    let mut pieces = text.split('$');
    let mut whole = pieces.next()?.to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(' ')?;
        whole.extend([get(name)?, rest]);
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Build {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        build(&pairs.iter().map(own).collect())
    }

    fn is(build: &Build, branch: &str, commit: &str, url: &str) {
        let expected = [branch, commit, url].map(|text| Some(text.to_owned()));
        assert_eq!(
            [&build.branch, &build.commit, &build.url].map(Clone::clone),
            expected
        );
    }

    #[test]
    fn every_service_is_understood() {
        let github = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_HEAD_REF", ""),
            ("GITHUB_REF_NAME", "main"),
            ("GITHUB_SHA", "c0ffee"),
            ("GITHUB_SERVER_URL", "https://git.example.com"),
            ("GITHUB_REPOSITORY", "shop/web"),
            ("GITHUB_RUN_ID", "7"),
        ];
        is(
            &of(&github),
            "main",
            "c0ffee",
            "https://git.example.com/shop/web/actions/runs/7",
        );
        let gitlab = [
            ("GITLAB_CI", "true"),
            ("CI_COMMIT_REF_NAME", "main"),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "fix"),
            ("CI_COMMIT_SHA", "c0ffee"),
            ("CI_PIPELINE_URL", "https://git.example.com/p/7"),
        ];
        is(&of(&gitlab), "fix", "c0ffee", "https://git.example.com/p/7");
        let jenkins = [
            ("JENKINS_URL", "https://ci.example.com"),
            ("BRANCH_NAME", "main"),
            ("GIT_COMMIT", "c0ffee"),
            ("BUILD_URL", "https://ci.example.com/7"),
        ];
        is(&of(&jenkins), "main", "c0ffee", "https://ci.example.com/7");
        let azure = [
            ("TF_BUILD", "True"),
            ("BUILD_SOURCEBRANCH", "refs/heads/main"),
            ("BUILD_SOURCEVERSION", "c0ffee"),
            ("SYSTEM_COLLECTIONURI", "https://dev.example.com/org/"),
            ("SYSTEM_TEAMPROJECT", "shop"),
            ("BUILD_BUILDID", "7"),
        ];
        is(
            &of(&azure),
            "main",
            "c0ffee",
            "https://dev.example.com/org/shop/_build/results?buildId=7",
        );
        for (told_by, prefix) in [("CIRCLECI", "CIRCLE"), ("BUILDKITE", "BUILDKITE")] {
            let commit = if prefix == "CIRCLE" {
                "CIRCLE_SHA1"
            } else {
                "BUILDKITE_COMMIT"
            };
            let (branch, url) = (format!("{prefix}_BRANCH"), format!("{prefix}_BUILD_URL"));
            let build = of(&[
                (told_by, "true"),
                (&branch, "main"),
                (commit, "c0ffee"),
                (&url, "https://ci/7"),
            ]);
            is(&build, "main", "c0ffee", "https://ci/7");
        }
        let bitbucket = [
            ("BITBUCKET_BUILD_NUMBER", "7"),
            ("BITBUCKET_BRANCH", "main"),
            ("BITBUCKET_COMMIT", "c0ffee"),
            ("BITBUCKET_REPO_FULL_NAME", "shop/web"),
        ];
        is(
            &of(&bitbucket),
            "main",
            "c0ffee",
            "https://bitbucket.org/shop/web/pipelines/results/7",
        );
    }

    #[test]
    fn jobs_that_share_the_work_are_told_apart() {
        let build = of(&[
            ("GITLAB_CI", "true"),
            ("CI_PIPELINE_ID", "7"),
            ("CI_NODE_INDEX", "2"),
            ("CI_NODE_TOTAL", "4"),
        ]);
        assert_eq!(build.run_key.as_deref(), Some("gitlab-7"));
        assert_eq!((build.part.as_deref(), build.parts), (Some("2"), Some(4)));
        let build = of(&[("GITHUB_ACTIONS", "true"), ("GITHUB_RUN_ID", "7")]);
        assert_eq!((build.run_key.as_deref(), build.part), (Some("github-7"), None));
    }

    #[test]
    fn what_is_not_told_is_not_known() {
        assert_eq!(of(&[("GITHUB_SHA", "c0ffee"), ("CI", "true")]), Build::default());
        let half = of(&[("GITHUB_ACTIONS", "true"), ("GITHUB_RUN_ID", "7")]);
        assert_eq!((half.branch, half.commit, half.url), (None, None, None));
    }
}

//! What a browser calls itself, in words.

/// What kind of device it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// A telephone or tablet.
    Mobile,
    /// Anything else.
    Computer,
}

/// `Firefox on Linux`, as far as the `User-Agent` header tells; and the kind of device.
pub fn describe(agent: Option<&str>) -> (String, Device) {
    let Some(agent) = agent else {
        return ("Unknown browser".to_owned(), Device::Computer);
    };
    let device = if agent.contains("Mobile") || agent.contains("Android") {
        Device::Mobile
    } else {
        Device::Computer
    };
    let words = match (browser(agent), system(agent)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.chars().take(60).collect(),
    };
    (words, device)
}

/// The most particular name comes first: every browser also says that it is like others.
fn browser(agent: &str) -> Option<&'static str> {
    [
        ("Edg/", "Edge"),
        ("EdgA/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]
    .into_iter()
    .find(|(token, _)| agent.contains(token))
    .map(|(_, name)| name)
}

fn system(agent: &str) -> Option<&'static str> {
    [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]
    .into_iter()
    .find(|(token, _)| agent.contains(token))
    .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_browsers() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(
            describe(Some(firefox)),
            ("Firefox on Linux".to_owned(), Device::Computer)
        );
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(
            describe(Some(safari)),
            ("Safari on iPhone".to_owned(), Device::Mobile)
        );
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 \
                    Safari/537.36 Edg/142.0";
        assert_eq!(describe(Some(edge)).0, "Edge on Windows");
        assert_eq!(describe(Some("curl/8.5.0")).0, "curl");
        assert_eq!(describe(Some("something else")).0, "something else");
        assert_eq!(describe(None).0, "Unknown browser");
    }
}

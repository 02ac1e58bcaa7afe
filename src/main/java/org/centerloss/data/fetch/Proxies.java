package org.centerloss.data.fetch;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.centerloss.base.InputException;

/**
 * Which proxy leads to an address: Java's own ({@code -Dhttps.proxyHost=…}), else the one that the
 * environment's {@code https_proxy} names, but for the hosts in {@code no_proxy}.
 *
 * @param environment the environment's variables
 */
record Proxies(Map<String, String> environment) {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:http://)?([^/:@]+|\\[[0-9a-fA-F:]+]):(\\d{1,5})/?");

    /** The proxy for an address; {@link Proxy#NO_PROXY} for this machine. */
    Proxy of(URI address) {
        if (WebAddress.isPlainOnThisMachine(address)) {
            return Proxy.NO_PROXY;
        }
        return Optional.ofNullable(ProxySelector.getDefault()).stream()
                .flatMap(selector -> selector.select(address).stream())
                .filter(proxy -> proxy.type() != Proxy.Type.DIRECT)
                .findFirst()
                .orElseGet(() -> ofEnvironment(address.getHost()));
    }

    private Proxy ofEnvironment(String host) {
        String value = variable("https_proxy");
        if (value.isEmpty() || isExcepted(host)) {
            return Proxy.NO_PROXY;
        }
        Matcher parts = ADDRESS.matcher(value);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 0xffff) {
            // The value may hold a password, so it is not shown.
            throw new InputException(
                    "https_proxy: expected http://HOST:PORT, without user name and password");
        }
        return new Proxy(
                Proxy.Type.HTTP,
                new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2))));
    }

    private boolean isExcepted(String host) {
        return Arrays.stream(variable("no_proxy").split(","))
                .map(entry -> entry.strip().replaceFirst("^\\*?\\.", ""))
                .filter(entry -> !entry.isEmpty())
                .anyMatch(
                        entry ->
                                entry.equals("*")
                                        || host.equalsIgnoreCase(entry)
                                        || lower(host).endsWith("." + lower(entry)));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** In small letters or, where that is not set, in capitals. */
    private String variable(String name) {
        String value = environment.get(name);
        return value != null ? value : environment.getOrDefault(name.toUpperCase(Locale.ROOT), "");
    }
}

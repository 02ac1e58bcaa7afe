package org.centerloss.data.fetch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/**
 * Which addresses may be downloaded from: HTTPS, and plain HTTP on this machine itself. A host
 * counts as this machine by how it is written, so no name service has a say in it.
 */
final class WebAddress {
    private static final Pattern THIS_MACHINE =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private WebAddress() {}

    /** Whether a file may be downloaded from there. */
    static boolean isAllowed(URI address) {
        return address.getHost() != null
                && ("https".equalsIgnoreCase(address.getScheme()) || isPlainOnThisMachine(address));
    }

    /** Whether the address is plain HTTP on this machine. */
    static boolean isPlainOnThisMachine(URI address) {
        return "http".equalsIgnoreCase(address.getScheme())
                && address.getHost() != null
                && THIS_MACHINE.matcher(address.getHost()).matches();
    }

    /**
     * Where a redirect leads. It may lead from HTTPS to HTTPS only, from plain HTTP on this machine
     * also to the same.
     *
     * @param location the answer's header, null where it has none
     */
    static URI redirected(URI from, String location) throws TransferException {
        if (location == null) {
            throw TransferException.lasting("redirects without saying where to");
        }
        URI to;
        try {
            to = from.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw TransferException.lasting("redirects to something that is no address");
        }
        boolean allowed =
                isPlainOnThisMachine(from)
                        ? isAllowed(to)
                        : isAllowed(to) && !isPlainOnThisMachine(to);
        if (!allowed) {
            throw TransferException.lasting(
                    "redirects to %s: expected an https:// address".formatted(to));
        }
        return to;
    }

    /** The file of this name in the folder with this address. */
    static URI file(URI folder, String name) {
        String text = folder.toString();
        return URI.create((text.endsWith("/") ? text : text + "/") + name);
    }

    /** Host and port, for messages. */
    static String place(URI address) {
        return address.getPort() < 0
                ? address.getHost()
                : address.getHost() + ":" + address.getPort();
    }
}

package org.centerloss.data.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;

/** HTTPS as it is meant: to whom a file is asked from is checked, also through a proxy. */
class FetchSecurityTest extends FetchSite {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @Test
    void aServerWhoseCertificateNobodySignedIsNotAskedForTheFile() throws Exception {
        HttpsServer https =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        https.createContext("/", exchange -> exchange.close());
        https.start();
        try {
            int port = https.getAddress().getPort();
            Fetch fetch =
                    fetch(
                            List.of(URI.create("https://localhost:" + port + "/")),
                            remote("f", CONTENT));
            Refusal.of(fetch::run, "localhost:" + port + ": TLS: ", "certification path");
        } finally {
            https.stop(0);
        }
        assertEquals(List.of(".lock"), names());
    }

    /** What a server needs to call itself localhost, made by the platform's keytool. */
    private SSLContext selfSigned() throws Exception {
        Path store = root.resolve("keys");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "SAN=dns:localhost",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                new String(PASSWORD),
                                "-keystore",
                                store.toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(keytool.getInputStream().readAllBytes());
        assertEquals(0, keytool.waitFor(), output);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void theProxyOfTheEnvironmentIsAskedForATunnel() throws Exception {
        server.at("mirror.invalid:443", LyingServer.status(403));
        FetchSettings settings =
                new FetchSettings(
                        List.of(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        1,
                        Duration.ZERO,
                        Map.of("https_proxy", "http://" + server.place()));
        RemoteDataset dataset =
                new RemoteDataset(
                        "set",
                        List.of(URI.create("https://mirror.invalid/")),
                        List.of(remote("f", CONTENT)));
        Refusal.of(
                () -> new Fetch(dataset, folder, settings, log).run(),
                "mirror.invalid: through proxy ",
                server.place(),
                "403");
        assertTrue(server.requests().get(0).line().startsWith("CONNECT mirror.invalid:443 "));
    }
}

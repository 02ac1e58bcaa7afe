package org.centerloss.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What was built: version and commit, from a file that the build writes. */
public final class Version implements IVersionProvider {
    private static final String FILE = "/centerloss.properties";

    @Override
    public String[] getVersion() {
        return new String[] {
            "centerloss " + version() + ", commit " + commit(), "Java " + Runtime.version()
        };
    }

    public static String version() {
        return load().getProperty("version");
    }

    /** The commit that was built, or {@code unknown} where the build had no git repository. */
    public static String commit() {
        String commit = load().getProperty("commit", "");
        return commit.isEmpty() || commit.startsWith("$") ? "unknown" : commit;
    }

    private static Properties load() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(FILE)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}

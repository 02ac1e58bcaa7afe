package org.centerloss.base;

import java.nio.file.Path;
import java.util.Map;

/** The program's folder in the user's cache. */
public final class UserCache {
    /** The environment variable that names another folder. */
    public static final String VARIABLE = "CENTERLOSS_CACHE";

    private UserCache() {}

    /**
     * {@code $CENTERLOSS_CACHE}, or {@code $XDG_CACHE_HOME/centerloss}, or {@code
     * ~/.cache/centerloss}.
     *
     * @param environment the environment's variables
     */
    public static Path folder(Map<String, String> environment) {
        String own = environment.getOrDefault(VARIABLE, "");
        if (!own.isBlank()) {
            return Path.of(own);
        }
        Path base = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        // The XDG specification has relative paths ignored.
        return (base.isAbsolute() ? base : Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("centerloss");
    }
}

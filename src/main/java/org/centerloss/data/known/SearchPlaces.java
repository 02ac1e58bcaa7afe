package org.centerloss.data.known;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.centerloss.base.InputException;
import org.centerloss.base.UserCache;

/** The folders in which data sets are looked for. */
public final class SearchPlaces {
    /** Where Debian's packages of data sets put them. */
    private static final Path SYSTEM = Path.of("/usr/share/datasets");

    private SearchPlaces() {}

    /**
     * The folders for one data set, in order: {@code dataDir}, {@code $CENTERLOSS_DATA} and the
     * user's cache, each with the data set's own sub-folder first, then {@code
     * /usr/share/datasets/<name>}.
     *
     * @param dataDir the folder that the user gave, or null
     * @param environment the environment's variables
     */
    public static List<Path> of(String name, Path dataDir, Map<String, String> environment) {
        List<Path> roots = new ArrayList<>();
        if (dataDir != null) {
            if (!Files.isDirectory(dataDir)) {
                throw new InputException("--data-dir: " + dataDir + ": no such folder");
            }
            roots.add(dataDir);
        }
        String variable = environment.get("CENTERLOSS_DATA");
        if (variable != null && !variable.isBlank()) {
            roots.add(Path.of(variable));
        }
        roots.add(UserCache.folder(environment));
        List<Path> places = new ArrayList<>();
        for (Path root : roots) {
            places.add(root.resolve(name));
            places.add(root);
        }
        places.add(SYSTEM.resolve(name));
        return places;
    }
}

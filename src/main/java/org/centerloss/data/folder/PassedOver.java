package org.centerloss.data.folder;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What a search for images passes over, counted by kind, so that it can be told in few lines. */
final class PassedOver {
    /** Why something is passed over, as the end of a sentence about several. */
    enum Kind {
        HIDDEN("hidden files and folders, or a system's own, were passed over"),
        NO_IMAGE("files are no images and were passed over"),
        LOOP("links that lead back to a folder above them were passed over"),
        IN_NO_CLASS("image files lie beside the folders of the classes and were passed over");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** Folders that storage devices, file managers and archivers leave behind. */
    private static final Set<String> SYSTEM =
            Set.of(
                    "@eaDir",
                    "#recycle",
                    "$RECYCLE.BIN",
                    "System Volume Information",
                    "__MACOSX",
                    "lost+found");

    private record Count(int number, Path first) {}

    private final Map<Kind, Count> counts = new EnumMap<>(Kind.class);

    /** Whether a file or folder of this name holds nothing that a person put there to be used. */
    static boolean isHidden(String name) {
        return name.startsWith(".") || SYSTEM.contains(name);
    }

    void add(Kind kind, Path path) {
        counts.merge(kind, new Count(1, path), (a, b) -> new Count(a.number + 1, a.first));
    }

    /** Tells, in a line for each kind, how many there were below a folder. */
    void tell(Path folder, Consumer<String> notices) {
        counts.forEach(
                (kind, count) ->
                        notices.accept(
                                "%s: %d %s, the first is %s"
                                        .formatted(folder, count.number, kind.text, count.first)));
    }
}

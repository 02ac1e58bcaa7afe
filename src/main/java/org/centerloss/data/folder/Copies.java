package org.centerloss.data.folder;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.centerloss.data.Part;

/**
 * Leaves out of the test, and of validation, what training has seen: images whose bytes are the
 * same, whatever their names.
 */
public final class Copies {
    /** By SHA-256 the name of an image that was seen. */
    private final Map<String, String> seen = new HashMap<>();

    private int count;
    private String first;

    /** Notes an image as seen. */
    void see(DataFile image) {
        seen.putIfAbsent(image.sha256(), image.name());
    }

    /** Notes the images of a part as seen. */
    void see(List<DataFile> images, Part[] parts, Part part) {
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] == part) {
                see(images.get(i));
            }
        }
    }

    /** Takes the part from those images of it that were seen. */
    void leaveOut(List<DataFile> images, Part[] parts, Part part) {
        for (int i = 0; i < parts.length; i++) {
            String original = parts[i] == part ? seen.get(images.get(i).sha256()) : null;
            if (original != null) {
                parts[i] = null;
                if (count++ == 0) {
                    first = "%s, the same as %s".formatted(images.get(i).name(), original);
                }
            }
        }
    }

    /** Tells how many were left out and which was the first; nothing if none was. */
    void tell(Path root, String why, Consumer<String> notices) {
        if (count > 0) {
            notices.accept("%s: %d %s; the first is %s".formatted(root, count, why, first));
        }
    }
}

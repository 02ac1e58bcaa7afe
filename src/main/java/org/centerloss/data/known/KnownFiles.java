package org.centerloss.data.known;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.centerloss.base.InputException;
import org.centerloss.data.folder.DataFile;
import org.centerloss.data.folder.FolderListing;
import org.centerloss.data.image.ImageFile;

/**
 * What became of the files that a run was made with. Sizes are compared first, contents where files
 * are read. Files that the run left out are not looked at.
 */
public final class KnownFiles {
    private static final int MOST_NAMED = 3;

    private final Map<String, DataFile> known = new HashMap<>();

    /** In the run's order, with the run's parts. */
    private final List<ImageFile> present = new ArrayList<>();

    private final List<ImageFile> added;
    private final List<String> lost = new ArrayList<>();
    private final Set<String> changed = new TreeSet<>();

    public KnownFiles(List<DataFile> files, FolderListing listing) {
        Map<String, ImageFile> listed = new HashMap<>();
        listing.files().forEach(file -> listed.put(file.name(), file));
        for (DataFile file : files) {
            known.put(file.name(), file);
            ImageFile there = listed.get(file.name());
            if (file.part() == null) {
                continue;
            }
            if (there == null) {
                lost.add(file.name());
                continue;
            }
            present.add(new ImageFile(there.path(), file.name(), file.category(), file.part()));
            if (size(there.path()) != file.size()) {
                changed.add(file.name());
            }
        }
        added = listing.files().stream().filter(file -> !known.containsKey(file.name())).toList();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    public List<ImageFile> present() {
        return present;
    }

    public List<ImageFile> added() {
        return added;
    }

    /** Compares the contents of files that were read. */
    public void compare(List<DataFile> read) {
        for (DataFile file : read) {
            DataFile before = known.get(file.name());
            if (before != null && !file.hasContentOf(before)) {
                changed.add(file.name());
            }
        }
    }

    /**
     * Checks that nothing that the run was made with is lost or changed.
     *
     * @throws InputException naming the first of what is
     */
    public void requireUnchanged(Path root) {
        if (!lost.isEmpty() || !changed.isEmpty()) {
            throw new InputException(
                    "%s: expected the images that the run began with, to go on with the same; since then %s"
                            .formatted(root, text(List.of())));
        }
    }

    /** What was added, lost or changed, with the first names; empty if nothing was. */
    public String text(List<ImageFile> addedFiles) {
        StringJoiner text = new StringJoiner(", ");
        add(text, "added", addedFiles.stream().map(ImageFile::name).toList());
        add(text, "lost", lost);
        add(text, "changed", changed.stream().toList());
        return text.toString();
    }

    private static void add(StringJoiner text, String what, List<String> names) {
        if (!names.isEmpty()) {
            text.add(
                    "%d %s (%s%s)"
                            .formatted(
                                    names.size(),
                                    what,
                                    String.join(
                                            ", ",
                                            names.subList(0, Math.min(MOST_NAMED, names.size()))),
                                    names.size() > MOST_NAMED ? ", …" : ""));
        }
    }
}

package org.centerloss.data.folder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.centerloss.base.InputException;
import org.centerloss.base.NameList;
import org.centerloss.data.Part;
import org.centerloss.data.image.ImageDecoder;
import org.centerloss.data.image.ImageFile;

/**
 * The images of a folder that is a data set: with a folder for each class, or with {@code train/}
 * and {@code test/}, and {@code val/} where validation images are given, that each have such
 * folders.
 *
 * @param classes class names, sorted
 * @param files by part, then class, then name
 * @param parts the folders of the parts; empty where there are none, and then all files are
 *     training images
 */
public record FolderListing(List<String> classes, List<ImageFile> files, Map<Part, String> parts) {
    private static final Map<String, Part> PART_FOLDERS =
            Map.of(
                    "train", Part.TRAIN,
                    "val", Part.VALIDATION,
                    "valid", Part.VALIDATION,
                    "validation", Part.VALIDATION,
                    "test", Part.TEST);

    /**
     * Lists a folder.
     *
     * @param notices told what is passed over
     * @throws InputException where the folder or one in it is not as described, or cannot be read
     */
    static FolderListing of(Path root, Consumer<String> notices) {
        if (!Files.exists(root)) {
            throw new InputException(root + ": no such folder of images");
        }
        Map<Part, String> parts = partFolders(root);
        PassedOver passedOver = new PassedOver();
        Map<Part, ClassFolders> found = new EnumMap<>(Part.class);
        if (parts.isEmpty()) {
            found.put(Part.TRAIN, ClassFolders.below(root, passedOver));
        }
        parts.forEach(
                (part, name) ->
                        found.put(part, ClassFolders.below(root.resolve(name), passedOver)));
        passedOver.tell(root, notices);
        SortedSet<String> classes = new TreeSet<>();
        found.values().forEach(folders -> classes.addAll(folders.images().keySet()));
        return of(List.copyOf(classes), found, parts);
    }

    private static FolderListing of(
            List<String> classes, Map<Part, ClassFolders> found, Map<Part, String> parts) {
        List<ImageFile> files = new ArrayList<>();
        found.forEach(
                (part, folders) -> {
                    String prefix = parts.isEmpty() ? "" : parts.get(part) + "/";
                    folders.images()
                            .forEach(
                                    (category, images) -> {
                                        for (ImageWalk.Found image : images) {
                                            String name = prefix + image.name();
                                            files.add(
                                                    new ImageFile(
                                                            image.path(), name, category, part));
                                        }
                                    });
                });
        return new FolderListing(classes, List.copyOf(files), parts);
    }

    /** Whether a folder says itself which images are for the test; false where there is none. */
    public static boolean hasParts(Path root) {
        return Files.isDirectory(root) && !partFolders(root).isEmpty();
    }

    /** The folders that hold parts, by name; those of classes with images are none. */
    private static Map<Part, String> partFolders(Path root) {
        Map<Part, String> parts = new EnumMap<>(Part.class);
        List<String> names = ClassFolders.folders(root);
        for (String name : names) {
            Part part = PART_FOLDERS.get(name);
            if (part != null && ClassFolders.isOne(root.resolve(name))) {
                String other = parts.put(part, name);
                if (other != null) {
                    throw new InputException(
                            "%s: expected one folder of validation images, found %s/ and %s/"
                                    .formatted(root, other, name));
                }
            }
        }
        // A class may be called val; beside it are other classes, and no train/ or test/.
        boolean alone = parts.keySet().equals(Set.of(Part.VALIDATION));
        return alone && names.size() > 1 ? Map.of() : parts;
    }

    /** Tells of the folders beside those of the parts. */
    void noticeOthers(Path root, Consumer<String> notices) {
        List<String> others =
                ClassFolders.folders(root).stream()
                        .filter(name -> !parts.containsValue(name))
                        .toList();
        if (!parts.isEmpty() && !others.isEmpty()) {
            notices.accept(
                    "%s: only %s/ are used, not %s"
                            .formatted(
                                    root,
                                    String.join("/ and ", parts.values()),
                                    NameList.of(others)));
        }
    }

    /**
     * Checks that it can be trained on: that it has training and test images of every class, or no
     * parts and images of every class.
     *
     * @throws InputException if it cannot
     */
    void requireTrainable(Path root) {
        if (parts.isEmpty()) {
            requireClasses(root, Part.TRAIN);
            return;
        }
        for (Part part : List.of(Part.TRAIN, Part.TEST)) {
            if (!parts.containsKey(part)) {
                throw new InputException(
                        "%s: found %s/ with folders inside: expected %s/ beside it"
                                .formatted(
                                        root,
                                        String.join("/ and ", parts.values()),
                                        part == Part.TRAIN ? "train" : "test"));
            }
        }
        requireClasses(root, Part.TRAIN);
        requireClasses(root, Part.TEST);
    }

    private void requireClasses(Path root, Part part) {
        Set<String> present =
                files.stream()
                        .filter(file -> file.part() == part)
                        .map(ImageFile::category)
                        .collect(Collectors.toSet());
        for (String category : classes) {
            if (!present.contains(category)) {
                throw new InputException(
                        "%s: class %s: expected images (%s) in %s%s/, found none"
                                .formatted(
                                        root,
                                        category,
                                        String.join(", ", ImageDecoder.ENDINGS),
                                        parts.isEmpty() ? "" : parts.get(part) + "/",
                                        category));
            }
        }
    }
}

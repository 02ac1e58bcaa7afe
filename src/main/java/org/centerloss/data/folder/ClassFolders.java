package org.centerloss.data.folder;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.centerloss.base.InputException;

/**
 * The images of a folder that has a folder for each class.
 *
 * @param images for each class's name the images below its folder, sorted by name; their names
 *     begin with that of the class
 */
record ClassFolders(SortedMap<String, List<ImageWalk.Found>> images) {
    /**
     * Searches a folder.
     *
     * @param passedOver told what is passed over
     * @throws InputException where it is no such folder, cannot be read, or two classes or two
     *     images have one name
     */
    static ClassFolders below(Path folder, PassedOver passedOver) {
        SortedMap<String, List<ImageWalk.Found>> images = new TreeMap<>();
        for (Path entry : entries(folder)) {
            String name = FileNames.of(entry);
            if (PassedOver.isHidden(name)) {
                passedOver.add(PassedOver.Kind.HIDDEN, entry);
            } else if (!Files.isDirectory(entry)) {
                passedOver.add(
                        ImageWalk.isImage(name)
                                ? PassedOver.Kind.IN_NO_CLASS
                                : PassedOver.Kind.NO_IMAGE,
                        entry);
            } else if (ImageWalk.leadsBack(entry, folder)) {
                passedOver.add(PassedOver.Kind.LOOP, entry);
            } else {
                List<ImageWalk.Found> found = ImageWalk.below(entry, passedOver);
                requireOnce(found, entry);
                if (images.put(name, named(name, found)) != null) {
                    throw new InputException(
                            "%s: two folders for one class %s, whose names are written in different bytes: rename one"
                                    .formatted(folder, name));
                }
            }
        }
        if (images.isEmpty()) {
            throw new InputException(
                    "%s: expected a folder of images for each class, found no folders"
                            .formatted(folder));
        }
        return new ClassFolders(images);
    }

    private static List<ImageWalk.Found> named(String category, List<ImageWalk.Found> found) {
        return found.stream()
                .map(image -> new ImageWalk.Found(category + "/" + image.name(), image.path()))
                .toList();
    }

    private static void requireOnce(List<ImageWalk.Found> found, Path folder) {
        Set<String> names = new HashSet<>();
        for (ImageWalk.Found image : found) {
            if (!names.add(image.name())) {
                throw new InputException(
                        "%s: two images of one name %s, written in different bytes: rename one"
                                .formatted(folder, image.name()));
            }
        }
    }

    /**
     * Whether a folder has folders but no images of its own, as one with a folder for each class
     * has.
     */
    static boolean isOne(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        boolean folders = false;
        for (Path entry : entries(folder)) {
            String name = FileNames.of(entry);
            boolean isFolder = Files.isDirectory(entry);
            if (!PassedOver.isHidden(name) && !isFolder && ImageWalk.isImage(name)) {
                return false;
            }
            folders |= isFolder && !PassedOver.isHidden(name);
        }
        return folders;
    }

    /** The names of the folders in a folder, sorted, without the hidden ones. */
    static List<String> folders(Path folder) {
        return entries(folder).stream()
                .filter(Files::isDirectory)
                .map(FileNames::of)
                .filter(name -> !PassedOver.isHidden(name))
                .sorted()
                .toList();
    }

    private static List<Path> entries(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (NotDirectoryException e) {
            throw new InputException(folder + ": expected a folder, found a file", e);
        } catch (IOException | DirectoryIteratorException e) {
            throw new InputException(
                    folder + ": folder cannot be read: " + InputException.reason(e), e);
        }
        // So that which of several is named first is the same everywhere.
        entries.sort(null);
        return entries;
    }
}

package org.centerloss.data;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.centerloss.InputException;

/**
 * The image files of a folder that has one sub-folder per class.
 *
 * @param classes class names, sorted
 * @param files image files, by class, then by name
 * @param labels [files] the class of each
 */
record ImageFiles(List<String> classes, List<Path> files, int[] labels) {
    /** Of the formats that can be read. */
    static final Set<String> ENDINGS =
            new TreeSet<>(Arrays.asList(ImageIO.getReaderFileSuffixes()));

    /**
     * Lists a folder. Hidden files and folders are passed over, and files whose names have no image
     * format's ending too, but these with a notice.
     *
     * @throws InputException where it is no such folder, cannot be read, or a class has no images
     */
    static ImageFiles list(Path folder, Consumer<String> notices) {
        List<Path> classFolders = folders(folder);
        if (classFolders.isEmpty()) {
            throw new InputException(
                    "%s: expected a folder of images for each class, found no folders"
                            .formatted(folder));
        }
        List<Path> files = new ArrayList<>();
        List<Path> others = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < classFolders.size(); label++) {
            Path classFolder = classFolders.get(label);
            int before = files.size();
            for (Path entry : entries(classFolder)) {
                if (Files.isDirectory(entry)) {
                    throw new InputException(
                            "%s: expected image files only in a class's folder, found the folder %s"
                                    .formatted(classFolder, entry.getFileName()));
                }
                (isImage(entry) ? files : others).add(entry);
            }
            if (files.size() == before) {
                throw new InputException(
                        "%s: expected images (%s), found none"
                                .formatted(classFolder, String.join(", ", ENDINGS)));
            }
            labels.addAll(Collections.nCopies(files.size() - before, label));
        }
        noticeOthers(folder, others, notices);
        return new ImageFiles(
                classFolders.stream().map(path -> path.getFileName().toString()).toList(),
                List.copyOf(files),
                labels.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The folders in a folder, sorted by name, without the hidden ones. */
    static List<Path> folders(Path folder) {
        return entries(folder).stream().filter(Files::isDirectory).toList();
    }

    /** Whether a folder has an image file of its own. */
    static boolean hasImages(Path folder) {
        return entries(folder).stream().anyMatch(e -> !Files.isDirectory(e) && isImage(e));
    }

    private static List<Path> entries(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path entry : stream) {
                if (!entry.getFileName().toString().startsWith(".")) {
                    entries.add(entry);
                }
            }
        } catch (NotDirectoryException e) {
            throw new InputException(folder + ": expected a folder, found a file", e);
        } catch (IOException | DirectoryIteratorException e) {
            throw new InputException(
                    folder + ": folder cannot be read: " + ContentReader.reason(e), e);
        }
        entries.sort((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()));
        return entries;
    }

    /** Tells of the files in a folder that are no images. */
    static void noticeOthers(Path folder, List<Path> others, Consumer<String> notices) {
        if (!others.isEmpty()) {
            notices.accept(
                    "%s: %d files are no images and were passed over, the first is %s"
                            .formatted(folder, others.size(), others.get(0)));
        }
    }

    /** Whether a file's name has the ending of an image format. */
    static boolean isImage(Path file) {
        String name = file.getFileName().toString();
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return ENDINGS.contains(ending);
    }
}

package org.centerloss.data.folder;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.centerloss.base.InputException;
import org.centerloss.data.image.ImageDecoder;
import org.centerloss.data.image.OtherFormat;

/**
 * A search for image files in a folder and in the folders below it, at any depth. Links are
 * followed. Hidden things, a system's own folders, links that lead back, and files whose names have
 * no image format's ending are passed over.
 */
public final class ImageWalk extends SimpleFileVisitor<Path> {
    /**
     * An image file.
     *
     * @param name where it lies below the folder, with / between names; see {@link FileNames}
     */
    record Found(String name, Path path) {}

    private final Path start;
    private final PassedOver passedOver;
    private final List<Found> images = new ArrayList<>();

    /** For each folder that is being searched, what the names of its files begin with. */
    private final Deque<String> prefixes = new ArrayDeque<>();

    private ImageWalk(Path start, PassedOver passedOver) {
        this.start = start;
        this.passedOver = passedOver;
    }

    /**
     * Finds the image files below a folder, sorted by name.
     *
     * @param passedOver told what is passed over
     * @throws InputException where a folder cannot be read
     */
    static List<Found> below(Path folder, PassedOver passedOver) {
        ImageWalk walk = new ImageWalk(folder, passedOver);
        try {
            Files.walkFileTree(
                    folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
        } catch (IOException e) {
            throw new InputException(
                    folder + ": folder cannot be read: " + InputException.reason(e), e);
        }
        walk.images.sort(Comparator.comparing(Found::name));
        return walk.images;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        if (prefixes.isEmpty()) {
            prefixes.push("");
            return FileVisitResult.CONTINUE;
        }
        String name = FileNames.of(folder);
        if (PassedOver.isHidden(name)) {
            passedOver.add(PassedOver.Kind.HIDDEN, folder);
            return FileVisitResult.SKIP_SUBTREE;
        }
        if (leadsBack(folder, start)) {
            passedOver.add(PassedOver.Kind.LOOP, folder);
            return FileVisitResult.SKIP_SUBTREE;
        }
        prefixes.push(prefixes.peek() + name + "/");
        return FileVisitResult.CONTINUE;
    }

    /** Whether a folder in another one is a link to that one, or to one above it. */
    static boolean leadsBack(Path link, Path folder) {
        try {
            return Files.isSymbolicLink(link) && folder.toRealPath().startsWith(link.toRealPath());
        } catch (IOException e) {
            throw new InputException(
                    link + ": folder cannot be read: " + InputException.reason(e), e);
        }
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
        prefixes.pop();
        return super.postVisitDirectory(folder, failure);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        String name = FileNames.of(file);
        if (PassedOver.isHidden(name)) {
            passedOver.add(PassedOver.Kind.HIDDEN, file);
        } else if (attributes.isOther() || !isImage(name)) {
            passedOver.add(PassedOver.Kind.NO_IMAGE, file);
        } else {
            images.add(new Found(prefixes.peek() + name, file));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof FileSystemLoopException) {
            passedOver.add(PassedOver.Kind.LOOP, file);
            return FileVisitResult.CONTINUE;
        }
        if (!prefixes.isEmpty() && PassedOver.isHidden(FileNames.of(file))) {
            passedOver.add(PassedOver.Kind.HIDDEN, file);
            return FileVisitResult.CONTINUE;
        }
        throw new InputException(
                file + ": folder cannot be read: " + InputException.reason(failure), failure);
    }

    /**
     * Whether a file's name has the ending of an image format, also of one that is not read: such a
     * file is refused by name later, rather than missed.
     */
    public static boolean isImage(String name) {
        int dot = name.lastIndexOf('.');
        String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        return dot >= 0
                && (ImageDecoder.ENDINGS.contains(ending) || OtherFormat.ENDINGS.contains(ending));
    }
}

package org.centerloss.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.centerloss.base.InputException;
import org.centerloss.base.ShutdownHook;
import org.centerloss.base.UserCache;

/**
 * Where shared libraries are unpacked before they are loaded: a folder in the {@link UserCache}
 * that nobody else can write to. Where there can be none, and no {@value UserCache#VARIABLE} asks
 * for one, it is a new folder among the temporary files, and goes with the process.
 */
public final class NativeFolder {
    private static final Set<PosixFilePermission> PRIVATE =
            PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> BY_OTHERS =
            PosixFilePermissions.fromString("----w--w-");

    private static final FileAttribute<?> PRIVATE_FROM_THE_START =
            PosixFilePermissions.asFileAttribute(PRIVATE);

    /** In a folder with this bit, only a file's owner can rename it. */
    private static final int STICKY = 01000;

    private static Path folder;

    private NativeFolder() {}

    /**
     * The folder, made and checked when it is first asked for. From then on JavaCPP, JNA and JLine
     * use it too, so whoever loads a library through them asks first.
     *
     * @throws DeviceException if there can be none
     */
    public static synchronized Path get() {
        if (folder == null) {
            folder = make(System.getenv(), Path.of(System.getProperty("java.io.tmpdir")));
            System.setProperty(
                    "org.bytedeco.javacpp.cachedir", folder.resolve("javacpp").toString());
            System.setProperty("jna.tmpdir", folder.resolve("jna").toString());
            // JNA refuses to work with another version's library, which a system may have.
            System.setProperty("jna.nosys", "true");
            System.setProperty("jline.tmpdir", folder.toString());
        }
        return folder;
    }

    /**
     * Makes the folder.
     *
     * @param environment the environment's variables
     * @param temporary where temporary files go
     */
    static Path make(Map<String, String> environment, Path temporary) {
        Path own = UserCache.folder(environment).resolve("native").toAbsolutePath();
        IOException refusal;
        try {
            return privateFolder(own);
        } catch (IOException e) {
            refusal = e;
        }
        String reasons = own + ": " + InputException.reason(refusal);
        if (environment.getOrDefault(UserCache.VARIABLE, "").isBlank()) {
            try {
                return passingFolder(temporary);
            } catch (IOException e) {
                reasons += "; " + temporary + ": " + InputException.reason(e);
            }
        }
        throw new DeviceException(
                "shared libraries cannot be unpacked (%s); name a folder of your own by %s"
                        .formatted(reasons, UserCache.VARIABLE),
                refusal);
    }

    /**
     * What to say when a library that lies in the folder cannot be loaded, as from a file system
     * that is mounted without permission to execute.
     */
    public static DeviceException unusable(String library, LinkageError e) {
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new DeviceException(
                "%s cannot be loaded from %s (%s); name another folder by %s"
                        .formatted(library, get(), reason, UserCache.VARIABLE),
                e);
    }

    private static Path privateFolder(Path wanted) throws IOException {
        Files.createDirectories(wanted.getParent());
        if (!Files.isDirectory(wanted)) {
            Files.createDirectory(wanted, PRIVATE_FROM_THE_START);
        }
        Path found = wanted.toRealPath();
        if (!Files.getOwner(found).equals(user())) {
            throw new IOException("belongs to " + Files.getOwner(found).getName());
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(found);
        if (permissions.removeAll(BY_OTHERS)) {
            // Others may have put libraries there.
            delete(found);
            Files.createDirectory(found, PRIVATE_FROM_THE_START);
        } else if (!permissions.equals(PRIVATE)) {
            Files.setPosixFilePermissions(found, PRIVATE);
        }
        requireNobodyElse(found.getParent());
        // Finds out about file systems that cannot be written to.
        Files.delete(Files.createTempFile(found, "try", null));
        return found;
    }

    private static UserPrincipal user() throws IOException {
        return Files.getOwner(Path.of("/proc/self"));
    }

    /** Whoever can rename a folder, or one above it, can put another one in its place. */
    private static void requireNobodyElse(Path folder) throws IOException {
        List<UserPrincipal> trusted = List.of(user(), Files.getOwner(Path.of("/")));
        for (Path at = folder; at != null; at = at.getParent()) {
            requireNobodyElse(at, trusted);
        }
    }

    private static void requireNobodyElse(Path folder, List<UserPrincipal> trusted)
            throws IOException {
        if (!trusted.contains(Files.getOwner(folder))) {
            throw new IOException(folder + " belongs to " + Files.getOwner(folder).getName());
        }
        int mode = (int) Files.getAttribute(folder, "unix:mode");
        boolean everybody =
                Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
        if (everybody && (mode & STICKY) == 0) {
            throw new IOException(folder + " can be changed by everybody");
        }
    }

    private static Path passingFolder(Path temporary) throws IOException {
        requireNobodyElse(temporary.toRealPath());
        Path made = Files.createTempDirectory(temporary, "centerloss", PRIVATE_FROM_THE_START);
        new ShutdownHook(() -> delete(made));
        return made;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            // The system clears temporary files away some day.
        }
    }
}

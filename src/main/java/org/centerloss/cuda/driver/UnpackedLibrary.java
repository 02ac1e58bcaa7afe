package org.centerloss.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import org.centerloss.base.InputException;
import org.centerloss.base.UserCache;
import org.centerloss.device.DeviceException;
import org.centerloss.device.NativeFolder;

/**
 * JCuda's own shared libraries, unpacked from its jars into the {@link NativeFolder}.
 *
 * <p>JCuda would unpack them to a fixed name in the directory for temporary files and trust
 * whatever it finds there under that name. Here every process compares the whole file with the
 * jar's and replaces it atomically where it differs.
 */
final class UnpackedLibrary {
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private UnpackedLibrary() {}

    /**
     * Where the library lies, complete.
     *
     * @param binding the class that needs it
     * @param name JCuda's name for it, such as {@code JCudaDriver}
     */
    static Path unpack(Class<?> binding, String name) {
        return unpack(binding, name, NativeFolder.get());
    }

    static Path unpack(Class<?> binding, String name, Path folder) {
        String file =
                LibUtils.createLibraryFileName(
                        LibUtils.createPlatformLibraryName(name + "-" + JCudaVersion.get()));
        Path directory = folder.resolve("jcuda-" + JCudaVersion.get());
        try {
            byte[] content = content(binding, file);
            Files.createDirectories(directory, PRIVATE);
            Path target = directory.resolve(file);
            if (!Files.exists(target) || !Arrays.equals(Files.readAllBytes(target), content)) {
                replace(target, content);
            }
            return target;
        } catch (IOException e) {
            throw new DeviceException(
                    "cuda: cannot unpack %s to %s (%s); name another folder by %s"
                            .formatted(
                                    file, directory, InputException.reason(e), UserCache.VARIABLE),
                    e);
        }
    }

    private static byte[] content(Class<?> binding, String file) throws IOException {
        try (InputStream in = binding.getResourceAsStream("/lib/" + file)) {
            if (in == null) {
                throw new DeviceException(
                        "cuda: this build does not hold %s: JCuda is for Linux on x86-64 here; use --device cpu"
                                .formatted(file));
            }
            return in.readAllBytes();
        }
    }

    private static void replace(Path target, byte[] content) throws IOException {
        Path part = Files.createTempFile(target.getParent(), "unpack", ".part", PRIVATE);
        try {
            Files.write(part, content);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Runs the initialiser of a class of JCuda, which loads its library from the directory for
     * temporary files: for that time, the one where the library was unpacked.
     */
    static void initialize(Class<?> binding, Path library) {
        String property = "java.io.tmpdir";
        String before = System.setProperty(property, library.getParent().toString());
        try {
            Class.forName(binding.getName(), true, binding.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        } finally {
            System.setProperty(property, before);
        }
    }
}

package org.centerloss.device.cuda;

import java.nio.file.Files;
import java.nio.file.Path;
import jcuda.driver.JCudaDriver;
import org.centerloss.device.DeviceException;

/**
 * Finds and loads the shared libraries that CUDA needs.
 *
 * <p>NVIDIA's libraries are the system's, or lie in the directory that {@value #DIRECTORY} names: a
 * library that is loaded from there by its path satisfies everybody who asks for its soname later.
 * JCuda's own come out of its jar.
 */
final class NativeLibraries {
    /** The environment variable that names a directory with NVIDIA's libraries. */
    static final String DIRECTORY = "CENTERLOSS_CUDA_LIBS";

    private static final String DRIVER = "libcuda.so.1";

    private NativeLibraries() {}

    /** Loads the CUDA driver and JCuda's binding to it. */
    static void loadDriver() {
        preload(
                DRIVER,
                "no NVIDIA driver found",
                "correct " + DIRECTORY + ", unset it for the system's driver, or use --device cpu");
        Path binding = UnpackedLibrary.unpack(JCudaDriver.class, "JCudaDriver");
        try {
            System.load(binding.toString());
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException(
                    "cuda: no NVIDIA driver found (%s); install one (nvidia-smi must work), or use --device cpu"
                            .formatted(reason(e, binding)),
                    e);
        }
        UnpackedLibrary.initialize(JCudaDriver.class, binding);
    }

    /** Loads a library of {@value #DIRECTORY}; does nothing where that is not set. */
    private static void preload(String soname, String trouble, String remedy) {
        String directory = System.getenv(DIRECTORY);
        if (directory == null || directory.isBlank()) {
            return;
        }
        Path library = Path.of(directory).toAbsolutePath().resolve(soname);
        if (!Files.exists(library)) {
            throw new DeviceException(
                    "cuda: %s (%s is missing); %s".formatted(trouble, library, remedy));
        }
        try {
            System.load(library.toString());
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException(
                    "cuda: %s (%s: %s); %s".formatted(trouble, library, reason(e, library), remedy),
                    e);
        }
    }

    /** What the system's loader says, without the path that the Java machine puts before it. */
    private static String reason(UnsatisfiedLinkError error, Path library) {
        return error.getMessage().replace(library + ": ", "");
    }
}

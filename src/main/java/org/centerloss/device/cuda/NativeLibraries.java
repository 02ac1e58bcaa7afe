package org.centerloss.device.cuda;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcudnn.JCudnn;
import jcuda.nvrtc.JNvrtc;
import org.centerloss.device.DeviceException;

/**
 * Finds and loads the shared libraries that CUDA needs.
 *
 * <p>NVIDIA's libraries are the system's, or lie in the directory that {@value #DIRECTORY} names: a
 * library that is loaded from there by its path satisfies everybody who asks for its soname later.
 * JCuda's own come out of its jars.
 */
final class NativeLibraries {
    /** The environment variable that names a directory with NVIDIA's libraries. */
    static final String DIRECTORY = "CENTERLOSS_CUDA_LIBS";

    private static final String DRIVER = "libcuda.so.1";

    /** NVRTC looks for its built-in declarations by name, so they must have been loaded before. */
    private static final String[] COMPILER = {"libnvrtc-builtins.so.12.*", "libnvrtc.so.12"};

    // Both find their other parts where they lie themselves.
    private static final String CUBLAS = "libcublas.so.12";
    private static final String CUDNN = "libcudnn.so.9";

    /** Null until somebody asked. */
    private static Boolean compilerFound;

    private NativeLibraries() {}

    /** Loads the CUDA driver and JCuda's binding to it. */
    static void loadDriver() {
        Path directory = directory();
        try {
            if (directory != null && !Files.exists(directory.resolve(DRIVER))) {
                throw new UnsatisfiedLinkError(directory.resolve(DRIVER) + " is missing");
            }
            load(JCudaDriver.class, "JCudaDriver", DRIVER);
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException(
                    "cuda: no NVIDIA driver found (%s); %s, or use --device cpu"
                            .formatted(
                                    e.getMessage(),
                                    directory == null
                                            ? "install one (nvidia-smi must work)"
                                            : "correct "
                                                    + DIRECTORY
                                                    + ", unset it for the system's"),
                    e);
        }
    }

    /** Loads cuBLAS and JCuda's binding to it. */
    static void loadCublas() {
        loadMathematics(JCublas2.class, "JCublas2", "cuBLAS 12", CUBLAS);
    }

    /** Loads cuDNN and JCuda's binding to it. */
    static void loadCudnn() {
        loadMathematics(JCudnn.class, "JCudnn", "cuDNN 9", CUDNN);
    }

    private static void loadMathematics(
            Class<?> binding, String name, String product, String file) {
        try {
            load(binding, name, file);
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceException(
                    "cuda: no %s found (%s); install it, or name the directory that holds it in %s, or use --device cpu"
                            .formatted(product, e.getMessage(), DIRECTORY),
                    e);
        }
    }

    /** Loads NVRTC and JCuda's binding to it; false where it is not installed. */
    static synchronized boolean loadCompiler() {
        if (compilerFound == null) {
            try {
                load(JNvrtc.class, "JNvrtc", COMPILER);
                compilerFound = true;
            } catch (UnsatisfiedLinkError e) {
                compilerFound = false;
            }
        }
        return compilerFound;
    }

    /**
     * Loads a binding of JCuda after the libraries that it needs.
     *
     * @param name JCuda's name for the binding's own library
     * @param files libraries of NVIDIA's, as glob patterns, to be taken from {@value #DIRECTORY} if
     *     they are there
     * @throws UnsatisfiedLinkError with what the system's loader says
     */
    private static void load(Class<?> binding, String name, String... files) {
        if (directory() != null) {
            for (String file : files) {
                preload(directory(), file);
            }
        }
        Path library = UnpackedLibrary.unpack(binding, name);
        load(library);
        UnpackedLibrary.initialize(binding, library);
    }

    private static void preload(Path directory, String file) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, file)) {
            found.forEach(NativeLibraries::load);
        } catch (IOException e) {
            throw new UnsatisfiedLinkError(directory + ": " + e);
        }
    }

    private static void load(Path library) {
        try {
            System.load(library.toString());
        } catch (UnsatisfiedLinkError e) {
            // The Java machine puts the library's own path before what the system's loader says.
            String own = library + ": ";
            String message = e.getMessage();
            throw new UnsatisfiedLinkError(
                    message.startsWith(own) ? message.substring(own.length()) : message);
        }
    }

    private static Path directory() {
        String directory = System.getenv(DIRECTORY);
        return directory == null || directory.isBlank()
                ? null
                : Path.of(directory).toAbsolutePath().normalize();
    }
}

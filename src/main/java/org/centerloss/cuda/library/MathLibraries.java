package org.centerloss.cuda.library;

import org.centerloss.cuda.driver.Closing;
import org.centerloss.cuda.driver.CudaStream;
import org.centerloss.cuda.driver.NativeLibraries;

/** cuBLAS and cuDNN, each made ready when an operation first needs it. */
public final class MathLibraries implements AutoCloseable {
    private final CudaStream stream;
    private final boolean tf32;
    private Cublas cublas;
    private Cudnn cudnn;

    /**
     * @param stream where they queue their work
     * @param tf32 whether products may round their factors to TF32
     */
    public MathLibraries(CudaStream stream, boolean tf32) {
        this.stream = stream;
        this.tf32 = tf32;
    }

    /** Throws where one of them is missing. */
    public static void load() {
        NativeLibraries.loadCublas();
        NativeLibraries.loadCudnn();
    }

    /** Of the libraries that were loaded: cuBLAS 12.6.3, cuDNN 9.5.1. */
    public static String versions() {
        return "cuBLAS %s, cuDNN %s".formatted(Cublas.version(), Cudnn.version());
    }

    public Cublas cublas() {
        if (cublas == null) {
            stream.checkNotRecording("a handle of cuBLAS");
            cublas = new Cublas(stream, tf32);
        }
        return cublas;
    }

    public Cudnn cudnn() {
        if (cudnn == null) {
            stream.checkNotRecording("a handle of cuDNN");
            cudnn = new Cudnn(stream);
        }
        return cudnn;
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        closing.close(cudnn);
        closing.close(cublas);
        closing.rethrow();
    }
}

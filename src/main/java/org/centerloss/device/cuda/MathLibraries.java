package org.centerloss.device.cuda;

/** cuBLAS and cuDNN, each made ready when an operation first needs it. */
final class MathLibraries implements AutoCloseable {
    private final CudaStream stream;
    private Cublas cublas;
    private Cudnn cudnn;

    /**
     * @param stream where they queue their work
     */
    MathLibraries(CudaStream stream) {
        this.stream = stream;
    }

    /** Throws where one of them is missing. */
    static void load() {
        NativeLibraries.loadCublas();
        NativeLibraries.loadCudnn();
    }

    Cublas cublas() {
        if (cublas == null) {
            cublas = new Cublas(stream);
        }
        return cublas;
    }

    Cudnn cudnn() {
        if (cudnn == null) {
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

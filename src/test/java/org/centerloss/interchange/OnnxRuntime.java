package org.centerloss.interchange;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs a model with ONNX Runtime, which shares no code with us. */
public final class OnnxRuntime implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    public OnnxRuntime(Path model) throws OrtException {
        session = environment.createSession(model.toString());
    }

    /** The model's own metadata. */
    public Map<String, String> metadata() throws OrtException {
        return session.getMetadata().getCustomMetadata();
    }

    /**
     * Every output for all images, by name, computed {@code batch} at a time.
     *
     * @param images [count, channels, height, width]
     */
    public Map<String, float[]> run(float[] images, int channels, int height, int width, int batch)
            throws OrtException {
        int size = channels * height * width;
        int count = images.length / size;
        Map<String, float[]> all = new LinkedHashMap<>();
        for (int from = 0; from < count; from += batch) {
            int n = Math.min(batch, count - from);
            long[] shape = {n, channels, height, width};
            FloatBuffer part = FloatBuffer.wrap(images, from * size, n * size);
            try (OnnxTensor input = OnnxTensor.createTensor(environment, part, shape);
                    OrtSession.Result result = session.run(Map.of("images", input))) {
                for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
                    float[][] rows = (float[][]) output.getValue().getValue();
                    int columns = rows[0].length;
                    float[] whole =
                            all.computeIfAbsent(
                                    output.getKey(), name -> new float[count * columns]);
                    for (int i = 0; i < n; i++) {
                        System.arraycopy(rows[i], 0, whole, (from + i) * columns, columns);
                    }
                }
            }
        }
        return new HashMap<>(all);
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}

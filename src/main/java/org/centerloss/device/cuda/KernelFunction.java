package org.centerloss.device.cuda;

import java.util.List;

/** Every kernel: the one list of their names and parameters on the Java side. */
enum KernelFunction {
    ;

    private final String module;
    private final String entry;
    private final List<ParameterType> parameters;

    /**
     * @param module the source file in {@code kernels/}, without its ending
     * @param entry the function's name in it
     * @param parameters their types, in order
     */
    KernelFunction(String module, String entry, ParameterType... parameters) {
        this.module = module;
        this.entry = entry;
        this.parameters = List.of(parameters);
    }

    String module() {
        return module;
    }

    String entry() {
        return entry;
    }

    List<ParameterType> parameters() {
        return parameters;
    }
}

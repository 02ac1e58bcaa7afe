// Modules, variables and functions of PTX.
#include "ptx/parser.h"

#include <cstdlib>
#include <utility>

namespace vgpu {
PtxModule PtxParser::parse() {
    module_.sources.push_back("");
    // .file lines stand at the end, behind the .loc lines that name them.
    for (std::size_t i = 0; i + 2 < tokens_.size(); ++i) {
        if (tokens_[i].text == ".file" && tokens_[i + 2].kind == Token::Kind::String) {
            std::string path(tokens_[i + 2].text);
            files_[parseNumber(tokens_[i + 1]).bits] = path.substr(path.rfind('/') + 1);
        }
    }
    while (peek().kind != Token::Kind::End) {
        directive();
    }
    if (module_.version == 0) {
        invalid(1, "no .version: this is not PTX");
    }
    return std::move(module_);
}

void PtxParser::directive() {
    const Token& first = peek();
    std::string name = word();
    if (name == ".version") {
        std::string version(next().text);
        std::size_t dot = version.find('.');
        if (dot == std::string::npos) {
            invalid(first.line, "bad .version");
        }
        module_.version = std::atoi(version.c_str()) * 10 + std::atoi(version.c_str() + dot + 1);
    } else if (name == ".target") {
        do {
            std::string target = word();
            if (target.rfind("sm_", 0) == 0) {
                module_.target = std::atoi(target.c_str() + 3);
            }
        } while (accept(","));
    } else if (name == ".address_size") {
        if (number().bits != 64) {
            invalid(first.line, "only 64-bit addresses");
        }
    } else if (name == ".visible" || name == ".weak" || name == ".common") {
        return;
    } else if (name == ".extern") {
        external_ = true;
        return;
    } else if (name == ".entry" || name == ".func") {
        function(name == ".entry");
    } else if (name == ".global" || name == ".const" || name == ".shared") {
        module_.variables.push_back(variable(name.substr(1)));
        accept(";");
    } else if (name == ".file") {
        file();
    } else if (name == ".section") {
        skipSection();
    } else if (name == ".pragma") {
        next();
        expect(";");
    } else {
        invalid(first.line, "unknown directive '" + name + "'");
    }
    external_ = false;
}

void PtxParser::skipSection() {
    word();
    expect("{");
    while (!accept("}")) {
        if (peek().kind == Token::Kind::End) {
            unexpected("'}'");
        }
        ++at_;
    }
}

void PtxParser::file() {
    number();
    ++at_;
    while (accept(",")) {
        number();
    }
}

// .loc file line column [, function_name label, inlined_at file line column]. The place in a .cu
// counts, not the header's that was inlined there.
void PtxParser::location() {
    std::uint64_t file = number().bits;
    std::uint64_t line = number().bits;
    number();
    while (accept(",")) {
        std::string attribute = word();
        if (attribute == "function_name") {
            word();
            if (accept("+")) {
                number();
            }
        } else if (attribute.rfind("inlined_at", 0) == 0) {
            std::uint64_t outerFile = number().bits;
            std::uint64_t outerLine = number().bits;
            number();
            if (files_[file].find(".cu") == std::string::npos) {
                file = outerFile;
                line = outerLine;
            }
        } else {
            invalid(peek().line, "unknown .loc attribute '" + attribute + "'");
        }
    }
    std::string text = files_[file] + ":" + std::to_string(line);
    auto [entry, fresh] = sourceIndex_.emplace(text, module_.sources.size());
    if (fresh) {
        module_.sources.push_back(text);
    }
    source_ = entry->second;
}

PtxVariable PtxParser::variable(std::string space) {
    PtxVariable result;
    result.space = std::move(space);
    result.external = external_;
    result.line = peek().line;
    std::size_t vector = 1;
    std::string name = word();
    for (; name[0] == '.'; name = word()) {
        if (name == ".align") {
            result.alignment = number().bits;
        } else if (name == ".ptr") {
            result.pointer = true;
        } else if (name == ".v2" || name == ".v4") {
            vector = static_cast<std::size_t>(name[2] - '0');
        } else if (!result.pointer || (name != ".global" && name != ".shared" &&
                                       name != ".const" && name != ".local")) {
            result.type = name.substr(1);
        }
    }
    result.name = name;
    if (accept("<")) {
        result.numbered = true;
        result.count = number().bits;
        expect(">");
    }
    while (accept("[")) {
        result.count *= is("]") ? 0 : number().bits;
        expect("]");
    }
    result.count *= vector;
    if (accept("=")) {
        PtxOperand value = operand();
        result.values = value.kind == PtxOperand::Kind::Vector ? value.parts
                                                              : std::vector<PtxOperand>{value};
    }
    return result;
}

std::vector<PtxVariable> PtxParser::parameterList() {
    std::vector<PtxVariable> list;
    if (!accept("(")) {
        return list;
    }
    while (!accept(")")) {
        std::string space = word();
        if (space != ".param" && space != ".reg") {
            invalid(peek().line, "expected .param, found '" + space + "'");
        }
        list.push_back(variable(space.substr(1)));
        accept(",");
    }
    return list;
}

void PtxParser::function(bool entry) {
    PtxFunction function;
    function.entry = entry;
    function.line = peek().line;
    if (!entry) {
        function.results = parameterList();
    }
    function.name = word();
    function.parameters = parameterList();
    for (;;) {
        if (accept(".maxntid") || accept(".reqntid")) {
            function.maxThreads = 1;
            do {
                function.maxThreads *= number().bits;
            } while (accept(","));
        } else if (accept(".minnctapersm") || accept(".maxnreg") || accept(".maxnctapersm")) {
            number();
        } else if (accept(".noreturn")) {
            continue;
        } else {
            break;
        }
    }
    if (accept(";")) {
        return;
    }
    source_ = 0;
    body(function);
    module_.functions[function.name] = std::move(function);
}

PtxModule parsePtx(std::string_view text) { return PtxParser(text).parse(); }

}  // namespace vgpu

// PTX tokens to a tree.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "ptx.h"

namespace vgpu {
namespace {

class Parser {
   public:
    explicit Parser(std::string_view text) : tokens_(tokenize(text)) {}

    PtxModule parse();

   private:
    const Token& peek(std::size_t ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }
    bool is(std::string_view text) const {
        return peek().kind != Token::Kind::String && peek().text == text;
    }
    const Token& next() { return tokens_[std::min(at_++, tokens_.size() - 1)]; }
    bool accept(std::string_view text) {
        if (is(text)) {
            ++at_;
            return true;
        }
        return false;
    }
    void expect(std::string_view text) {
        if (!accept(text)) {
            unexpected("'" + std::string(text) + "'");
        }
    }
    [[noreturn]] void unexpected(const std::string& wanted) const {
        const std::string place = opcode_.empty() ? "" : opcode_ + ": ";
        invalid(peek().line,
                place + "expected " + wanted + ", found '" + std::string(peek().text) + "'");
    }
    std::string word() {
        if (peek().kind != Token::Kind::Word) {
            unexpected("a name");
        }
        return std::string(next().text);
    }
    Number number() {
        bool minus = accept("-");
        if (peek().kind != Token::Kind::Number) {
            unexpected("a number");
        }
        Number value = parseNumber(next());
        if (minus) {
            value.bits = ~value.bits + 1;
        }
        return value;
    }

    void directive();
    void skipSection();
    void file();
    void location();
    PtxVariable variable(std::string space);
    std::vector<PtxVariable> parameterList();
    void function(bool entry);
    void body(PtxFunction& function);
    void statement(PtxFunction& function);
    PtxOperand operand();
    PtxOperand group(std::string_view close, PtxOperand::Kind kind);

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    PtxModule module_;
    std::map<std::uint64_t, std::string> files_;
    std::map<std::string, std::uint32_t> sourceIndex_;
    std::uint32_t source_ = 0;
    std::string opcode_;  // of the instruction that is being read
    bool external_ = false;
};

PtxModule Parser::parse() {
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

void Parser::directive() {
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

void Parser::skipSection() {
    word();
    expect("{");
    while (!accept("}")) {
        if (peek().kind == Token::Kind::End) {
            unexpected("'}'");
        }
        ++at_;
    }
}

void Parser::file() {
    number();
    ++at_;
    while (accept(",")) {
        number();
    }
}

// .loc file line column [, function_name label, inlined_at file line column]. The place in a .cu
// counts, not the header's that was inlined there.
void Parser::location() {
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

PtxVariable Parser::variable(std::string space) {
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

std::vector<PtxVariable> Parser::parameterList() {
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

void Parser::function(bool entry) {
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

void Parser::body(PtxFunction& function) {
    expect("{");
    int depth = 1;
    while (depth > 0) {
        PtxStatement brace{};
        brace.line = peek().line;
        if (accept("{")) {
            brace.kind = PtxStatement::Kind::Open;
            function.body.push_back(brace);
            ++depth;
        } else if (accept("}")) {
            brace.kind = PtxStatement::Kind::Close;
            if (--depth > 0) {
                function.body.push_back(brace);
            }
        } else {
            statement(function);
        }
    }
}

void Parser::statement(PtxFunction& function) {
    PtxStatement result{};
    result.line = peek().line;
    if (accept(".loc")) {
        location();
        return;
    }
    if (accept(".pragma")) {
        next();
        expect(";");
        return;
    }
    result.source = source_;
    if (peek().kind == Token::Kind::Word && peek(1).text == ":") {
        result.kind = PtxStatement::Kind::Label;
        result.opcode = word();
        expect(":");
        if (accept(".branchtargets")) {
            result.kind = PtxStatement::Kind::Targets;
            do {
                result.operands.push_back(operand());
            } while (accept(","));
            expect(";");
        }
        function.body.push_back(std::move(result));
        return;
    }
    if (accept("@")) {
        result.guardNegated = accept("!");
        result.guard = word();
    }
    result.opcode = word();
    if (result.opcode[0] == '.') {
        result.kind = PtxStatement::Kind::Variable;
        static const char* const kSpaces[] = {".reg", ".shared", ".local", ".param"};
        if (std::find(std::begin(kSpaces), std::end(kSpaces), result.opcode) == std::end(kSpaces)) {
            invalid(result.line, "unknown directive '" + result.opcode + "'");
        }
        result.variable = variable(result.opcode.substr(1));
        while (accept(",")) {  // .reg .b32 %a, %b;
            function.body.push_back(result);
            result.variable.name = word();
        }
        expect(";");
        function.body.push_back(std::move(result));
        return;
    }
    result.kind = PtxStatement::Kind::Instruction;
    opcode_ = result.opcode;
    if (!is(";")) {
        do {
            result.operands.push_back(operand());
        } while (accept(","));
    }
    expect(";");
    opcode_.clear();
    function.body.push_back(std::move(result));
}

PtxOperand Parser::group(std::string_view close, PtxOperand::Kind kind) {
    PtxOperand result;
    result.kind = kind;
    while (!accept(close)) {
        result.parts.push_back(operand());
        if (!is(close)) {
            expect(",");
        }
    }
    return result;
}

PtxOperand Parser::operand() {
    PtxOperand result;
    if (accept("{")) {
        return group("}", PtxOperand::Kind::Vector);
    }
    if (accept("(")) {
        return group(")", PtxOperand::Kind::List);
    }
    if (accept("[")) {
        result.kind = PtxOperand::Kind::Address;
        if (peek().kind == Token::Kind::Word) {
            result.name = word();
            if (accept("+") || is("-")) {
                result.number = number();
            }
        } else {
            result.number = number();
        }
        expect("]");
        return result;
    }
    if (peek().kind == Token::Kind::Number || is("-")) {
        result.kind = PtxOperand::Kind::Number;
        result.number = number();
        return result;
    }
    result.negated = accept("!");
    result.name = word();
    if (accept("|")) {
        result.second = word();
    } else if (result.name == "generic" && accept("(")) {
        result.name = word();
        expect(")");
    }
    if (accept("+")) {
        result.number = number();
    }
    return result;
}

}  // namespace

PtxModule parsePtx(std::string_view text) { return Parser(text).parse(); }

}  // namespace vgpu
